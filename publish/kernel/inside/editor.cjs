"use strict";
/**
 * Loaded by `node -r` before the kernel of an editor, which starts it in the notebook's folder:
 * moves to where a run of the notebook resolves its imports. tslab takes no import from above the
 * folder it starts in.
 */
const {importFolder} = require("./import-folder.cjs");

process.chdir(importFolder(process.cwd()));
