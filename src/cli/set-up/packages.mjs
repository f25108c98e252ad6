import {spawnSync} from "node:child_process";
import * as fs from "node:fs";
import {join} from "node:path";
import {readJson, root, SetUpError, say} from "./place.mjs";

const installing = "RECKON_SET_UP_INSTALLS";

/** Installs when a package of the lockfile is missing or has another version. */
export function ensurePackages() {
  if (!areCurrent()) {
    say("installing the packages of package-lock.json (npm ci)");
    runNpm(["ci", "--include=dev"]);
    if (!areCurrent()) {
      throw new SetUpError(
        "node_modules: expected the packages of package-lock.json after npm ci, found others; " +
          "delete node_modules and try again",
      );
    }
  }
  linkSelf();
}

/** Whether this process was started by the npm that `ensurePackages` runs. */
export function isInstalling() {
  return process.env[installing] !== undefined;
}

/**
 * Whether npm's own record of what it installed agrees with the lockfile.
 *
 * npm writes the record last, so an interrupted installation has none. Packages for other
 * platforms are optional and may be absent.
 */
function areCurrent() {
  const installed = readJson(join(root, "node_modules", ".package-lock.json"))?.packages;
  const wanted = readJson(join(root, "package-lock.json"))?.packages;
  if (!wanted) {
    throw new SetUpError("package-lock.json: expected npm's lockfile, found none; restore it");
  }
  return (
    installed !== undefined &&
    Object.entries(wanted)
      .filter(([path, {link}]) => path.startsWith("node_modules/") && link !== true)
      .every(([path, {version, optional}]) =>
        installed[path] ? installed[path].version === version : optional === true,
      )
  );
}

/** npm's output, its errors too, is shown as it comes. */
function runNpm(args) {
  const script = process.env.npm_execpath;
  const isScript = script?.endsWith("npm-cli.js") === true;
  const [command, before] = isScript ? [process.execPath, [script]] : ["npm", []];
  const {status, error} = spawnSync(command, [...before, ...args], {
    cwd: root,
    env: {...process.env, [installing]: "1"},
    stdio: ["ignore", 2, 2],
    shell: !isScript && process.platform === "win32",
  });
  if (error || status !== 0) {
    throw new SetUpError(
      `npm ${args.join(" ")}: expected it to install the packages, ` +
        `found ${error ? error.message : `exit code ${status}`}; npm's own message is above`,
    );
  }
}

/** A notebook imports "reckon" from any folder of the checkout through this link. */
function linkSelf() {
  const link = join(root, "node_modules", "reckon");
  if (fs.existsSync(link) && fs.realpathSync(link) === fs.realpathSync(root)) {
    return;
  }
  fs.rmSync(link, {recursive: true, force: true});
  fs.symlinkSync(process.platform === "win32" ? root : "..", link, "junction");
}
