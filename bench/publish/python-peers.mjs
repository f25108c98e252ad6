// The peers people chain today, in a Python environment of their own that is made once and kept.
import {spawnSync} from "node:child_process";
import {existsSync, mkdirSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {fileURLToPath} from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const script = fileURLToPath(new URL("peers.py", import.meta.url));
const packages = ["nbclient==0.11.0", "nbconvert==7.17.1", "papermill==2.7.0"];
const home = join(root, "node_modules/.cache/bench-publish-peers");
const python = join(home, "bin/python");
const installMs = 10 * 60_000;

/** Both peers, or why they are left out. */
export function pythonPeers(scratch) {
  const missing = makeEnvironment();
  if (missing !== undefined) {
    return {peers: [], missing};
  }
  const env = {...process.env, JUPYTER_PATH: writeKernelSpec(scratch), PYTHONWARNINGS: "ignore"};
  const peers = ["nbclient", "papermill"].map((peer) => ({
    name: `${peer} + nbconvert`,
    command: ({notebook, executed, page}) => ({
      file: python,
      args: [script, peer, "plain-tslab", notebook, executed, page],
      env,
    }),
    results: ({executed, page}) => ({executed, page}),
  }));
  return {peers, missing: undefined};
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
  process.stderr.write("bench: installing nbclient, nbconvert and papermill\n");
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

/** The kernel as its own `install` would register it, in a place that Jupyter is told of. */
function writeKernelSpec(scratch) {
  const folder = join(scratch, "jupyter/kernels/plain-tslab");
  const tslab = join(root, "node_modules/tslab/bin/tslab");
  const argv = [process.execPath, tslab, "kernel", "--config-path", "{connection_file}"];
  mkdirSync(folder, {recursive: true});
  const spec = {argv, display_name: "TypeScript", language: "typescript"};
  writeFileSync(join(folder, "kernel.json"), JSON.stringify(spec));
  return join(scratch, "jupyter");
}
