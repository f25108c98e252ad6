import {spawnSync} from "node:child_process";
import {createHash} from "node:crypto";
import * as fs from "node:fs";
import {join, relative, sep} from "node:path";
import {listFiles, readText, root, SetUpError, say} from "./place.mjs";

// Not .bin/tsc: where tslab is installed, that is tslab's TypeScript 5.0.4.
const compiler = join(root, "node_modules/typescript/bin/tsc");
const main = join("dist", "src", "cli", "main.js");
const settings = ["tsconfig.json", "tsconfig.build.json", "package.json", "package-lock.json"];

export function hasCompiler() {
  return fs.existsSync(compiler);
}

/** Compiles when any source, the compiler's settings or the packages have changed. */
export function ensureBuild() {
  const stamp = sourceHash();
  if (readText(join(root, "dist", ".stamp")) !== stamp) {
    say("compiling src and publish");
    compile(stamp);
  }
  linkCommand();
}

function sourceHash() {
  const hash = createHash("sha256");
  const sources = ["src", "publish"].flatMap((folder) => listFiles(join(root, folder)));
  for (const file of [...settings.map((name) => join(root, name)), ...sources]) {
    hash.update(`${relative(root, file).replaceAll(sep, "/")}\0`);
    hash.update(fs.readFileSync(file)).update("\0");
  }
  return hash.digest("hex");
}

/** The old output serves until the new one is whole; what no source makes any more goes with it. */
function compile(stamp) {
  const scratch = fs.mkdtempSync(join(root, "node_modules", ".reckon-build-"));
  try {
    const fresh = join(scratch, "new");
    const args = [compiler, "-p", "tsconfig.build.json", "--outDir", fresh];
    const {status} = spawnSync(process.execPath, args, {cwd: root, stdio: ["ignore", 2, 2]});
    if (status !== 0) {
      throw new SetUpError("build: expected sources that compile; mend the errors above");
    }
    fs.writeFileSync(join(fresh, ".stamp"), stamp);
    replace(join(root, "dist"), fresh, join(scratch, "old"));
  } finally {
    fs.rmSync(scratch, {recursive: true, force: true});
  }
}

function replace(target, fresh, old) {
  if (fs.existsSync(target)) {
    fs.renameSync(target, old);
  }
  fs.renameSync(fresh, target);
}

/** npm ci makes no command for the package itself; with this one `npx reckon` runs the checkout. */
function linkCommand() {
  if (!fs.existsSync(join(root, main))) {
    return;
  }
  fs.chmodSync(join(root, main), 0o755);
  const folder = join(root, "node_modules", ".bin");
  if (process.platform === "win32") {
    fs.writeFileSync(join(folder, "reckon.cmd"), `@node "%~dp0\\..\\..\\${main}" %*\r\n`);
    return;
  }
  const [target, link] = [join("..", "..", main), join(folder, "reckon")];
  if (fs.lstatSync(link, {throwIfNoEntry: false})?.isSymbolicLink() !== true) {
    fs.rmSync(link, {force: true});
    fs.symlinkSync(target, link);
  }
}
