"use strict";
/**
 * Loads tslab's compiler in less time: its bytecode comes from a file that an earlier kernel left,
 * and it does not read what no run needs.
 */
const fs = require("node:fs");
const Module = require("node:module");
const os = require("node:os");
const path = require("node:path");
const v8 = require("node:v8");
const vm = require("node:vm");
const {crc32} = require("node:zlib");
const {withOneProgram} = require("./converter-text.cjs");

const CONVERTER = /[\\/]tslab[\\/]dist[\\/]converter\.js$/;
const COMPILER = /[\\/]typescript-for-tslab[\\/]lib[\\/]typescript\.js$/;
/** Bytecode behind its own checksum: V8 itself would trust a file that was damaged. */
const SUM_BYTES = 4;

// Comments of declaration files are a third of the time that parsing them takes, and only editors
// show them.
const DOCS = "const jsDoc = mapDefined(getJSDocCommentRanges(node, sourceText),";
const NO_DOCS = "if (contextFlags & 16777216 /* Ambient */) return node;";

let script = null;
let file = null;

/** The text without what reads those comments; as it is, where that is not just as expected. */
function withoutDocs(text) {
  const at = text.indexOf(DOCS);
  const isOnce = at >= 0 && text.indexOf(DOCS, at + 1) < 0;
  return isOnce ? `${text.slice(0, at)}${NO_DOCS}${text.slice(at)}` : text;
}

/** For this text under this engine; null where no private folder can be had. */
function cacheFile(text) {
  try {
    const cache = process.env.XDG_CACHE_HOME || path.join(os.homedir(), ".cache");
    const folder = path.join(cache, "reckon", "kernel");
    fs.mkdirSync(folder, {recursive: true, mode: 0o700});
    const {mode, uid} = fs.statSync(folder);
    // What another user may write is never run.
    if (process.getuid !== undefined && (uid !== process.getuid() || (mode & 0o022) !== 0)) {
      return null;
    }
    // V8 checks of the text no more than its length.
    const of = [text.length, crc32(text).toString(16)];
    const parts = [process.version, process.arch, v8.cachedDataVersionTag(), ...of];
    return path.join(folder, `compiler-${parts.join("-")}.bin`);
  } catch {
    return null;
  }
}

function readCache() {
  try {
    const bytes = fs.readFileSync(file);
    const code = bytes.subarray(SUM_BYTES);
    return code.length > 0 && bytes.readUInt32LE(0) === crc32(code) ? code : undefined;
  } catch {
    return undefined; // there is none yet
  }
}

/** Compiles modules as Node does, but the compiler from the cache and tslab's converter mended. */
exports.quickenCompiler = ({keepDocs}) => {
  const {_compile} = Module.prototype;
  Module.prototype._compile = function (text, filename, ...rest) {
    if (!COMPILER.test(filename)) {
      const known = CONVERTER.test(filename) ? withOneProgram(text) : text;
      return _compile.call(this, known, filename, ...rest);
    }
    Module.prototype._compile = _compile;
    const source = Module.wrap(keepDocs ? text : withoutDocs(text));
    file = cacheFile(source);
    const cachedData = file === null ? undefined : readCache();
    script = new vm.Script(source, {filename, ...(cachedData && {cachedData})});
    if (cachedData !== undefined && script.cachedDataRejected === false) {
      file = null;
    }
    const require = Module.createRequire(filename);
    const run = script.runInThisContext();
    return run.call(this.exports, this.exports, require, this, filename, path.dirname(filename));
  };
};

/** Leaves the bytecode for later kernels where there was none, with all that was compiled since. */
exports.keepCompiled = () => {
  if (file === null || script === null) {
    return;
  }
  try {
    const code = script.createCachedData();
    const sum = Buffer.alloc(SUM_BYTES);
    sum.writeUInt32LE(crc32(code));
    const part = `${file}.${process.pid}`;
    fs.writeFileSync(part, Buffer.concat([sum, code]), {mode: 0o600});
    fs.renameSync(part, file);
    file = null;
  } catch {
    // Without the file the next kernel takes longer, that is all.
  }
};
