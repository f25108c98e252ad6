"use strict";
/** Whose code a frame of a stack runs: who reads of a failure looks for code that is the user's. */
const {realpathSync} = require("node:fs");
const path = require("node:path");
const {fileURLToPath} = require("node:url");

/** The folder the kernel started in; a cell may go elsewhere. */
const ROOT = process.cwd();
const KIT = path.join(__dirname, "..", "..", "..");
/** Where the kit's own code lies; notebooks and what they import may lie beside it. */
const KIT_CODE = ["dist", "node_modules", "publish"].map((name) => path.join(KIT, name));

/** The path that a frame names, which is an address where the file is an ES module. */
exports.framePath = (file) => {
  try {
    return file.startsWith("file:") ? fileURLToPath(file) : file;
  } catch {
    return file;
  }
};

/** A package that is linked runs by the path of its real folder, unless Node was told otherwise. */
function realPath(file) {
  try {
    return realpathSync(file);
  } catch {
    return file; // a file that is gone, or code that never was in one
  }
}

function isInside(file, folder) {
  return file.startsWith(folder + path.sep);
}

/** A project may itself lie below a folder of packages. */
function isInstalled(file) {
  const inside = isInside(file, ROOT) ? file.slice(ROOT.length) : file;
  return /[\\/]node_modules[\\/]/.test(inside);
}

/** Whether a frame's place is neither Node's, nor an installed package's, nor this package's. */
exports.isOwnCode = (location) => {
  if (/^node:|^native$|^<anonymous>$|^evalmachine/.test(location)) {
    return false;
  }
  const file = exports.framePath(location.replace(/:\d+:\d+$/, ""));
  return [file, realPath(file)].every(
    (one) => !isInstalled(one) && !KIT_CODE.some((folder) => isInside(one, folder)),
  );
};
