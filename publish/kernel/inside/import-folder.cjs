"use strict";
// Plain CommonJS, because the kernel of an editor needs it before anything else is loaded.
const {existsSync, readdirSync} = require("node:fs");
const {dirname, join} = require("node:path");

/**
 * The folder a notebook's imports resolve from: the nearest one upward that has packages in a
 * `node_modules`, else this package's root.
 */
function importFolder(start) {
  for (let folder = start; ; folder = dirname(folder)) {
    if (hasPackages(join(folder, "node_modules"))) return folder;
    if (folder === dirname(folder)) return join(__dirname, "..", "..", "..");
  }
}

/** A test runner leaves a `node_modules` with nothing but its cache wherever it was started. */
function hasPackages(modules) {
  return existsSync(modules) && readdirSync(modules).some((name) => !name.startsWith("."));
}

module.exports = {importFolder};
