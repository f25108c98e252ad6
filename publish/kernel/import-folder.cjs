"use strict";
/**
 * Loaded by `node -r` before the kernel of an editor, which starts it in the notebook's folder:
 * moves to where a run of the notebook resolves its imports, the nearest folder upward that has
 * `node_modules`, else this package. tslab takes no import from above the folder it starts in.
 */
const {existsSync} = require("node:fs");
const {dirname, join} = require("node:path");

const above = (folder) => (folder === dirname(folder) ? undefined : dirname(folder));
let folder = process.cwd();
while (folder !== undefined && !existsSync(join(folder, "node_modules"))) folder = above(folder);
process.chdir(folder ?? join(__dirname, "..", ".."));
