// A Python environment with the notebook tools that people chain today, made once and kept in
// node_modules/.cache. `node bench/peers/python.mjs` prints its interpreter, or exits with 1.
import {spawnSync} from "node:child_process";
import {existsSync} from "node:fs";
import {join} from "node:path";
import process from "node:process";
import {fileURLToPath} from "node:url";

const packages = ["nbclient==0.11.0", "nbconvert==7.17.1", "papermill==2.7.0"];
const home = fileURLToPath(new URL("../../node_modules/.cache/python-peers", import.meta.url));
const python = join(home, "bin/python");
const installMs = 10 * 60_000;

/** {python}, the interpreter's path, or {missing}, why there is none. */
export function peerPython() {
  const missing = makeEnvironment();
  return missing === undefined ? {python} : {missing};
}

function makeEnvironment() {
  if (run("python3", ["--version"]) !== undefined) {
    return "there is no python3 on the PATH";
  }
  if (
    existsSync(python) &&
    run(python, ["-c", "import nbclient, nbconvert, papermill"]) === undefined
  ) {
    return undefined;
  }
  process.stderr.write("python: installing nbclient, nbconvert and papermill\n");
  const failed =
    run("python3", ["-m", "venv", "--clear", home]) ??
    run(python, ["-m", "pip", "install", "--quiet", ...packages]);
  return failed && `the Python packages could not be installed: ${failed}`;
}

/** Undefined when it went well, else the last of what it said. */
function run(file, args) {
  const {error, status, stderr} = spawnSync(file, args, {encoding: "utf8", timeout: installMs});
  if (error !== undefined || status !== 0) {
    return error?.message ?? (stderr.trim().split("\n").at(-1) || `exit ${status}`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const {python: path, missing} = peerPython();
  process.stdout.write(path === undefined ? "" : `${path}\n`);
  process.stderr.write(missing === undefined ? "" : `python: ${missing}\n`);
  process.exitCode = path === undefined ? 1 : 0;
}
