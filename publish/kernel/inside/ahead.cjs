"use strict";
/**
 * What a kernel does while it waits for its user: it loads the packages that will be imported and
 * translates the cells that will run, one after the other. A cell that then comes as it was
 * foreseen, behind the same declarations, is translated already; any other is translated as ever.
 */
const {statSync} = require("node:fs");
const Module = require("node:module");
const path = require("node:path");
const {inNextTurn} = require("./clock.cjs");

/** By what decides a translation: the cell's name, the declarations before it, its source. */
const ready = new Map();
/** The state on the disk of each file that the compiler read, by its path. */
const filesRead = new Map();
/** What tells the compiler that a file changed, by its path. */
const watchers = new Map();
/** Translations of imported files that no cell has handed to the executor yet. */
let imported = [];
/** The program of the last translation. */
let builder = null;
/** The rest of the work; null where there is none, or the user has come. */
let work = null;
let begin = () => {};

function stateOf(file) {
  try {
    const {mtimeMs, size} = statSync(file);
    return `${mtimeMs} ${size}`;
  } catch {
    return ""; // the cell itself is no file
  }
}

function noteFiles() {
  for (const {fileName} of builder?.getProgram().getSourceFiles() ?? []) {
    if (!filesRead.has(fileName)) {
      filesRead.set(fileName, stateOf(fileName));
    }
  }
}

/**
 * Nothing that was made of a file that has changed since is used. What a cell writes for the cells
 * after it are sources: declarations, of which packages have hundreds, are looked at once.
 */
function forgetWhereChanged() {
  const changed = [...filesRead].filter(([file, state]) => stateOf(file) !== state);
  for (const [file] of filesRead) {
    if (/\.d\.[cm]?ts$/.test(file)) {
      filesRead.delete(file);
    }
  }
  if (changed.length > 0) {
    ready.clear();
    filesRead.clear(); // from now on the compiler watches them alone
  }
  for (const [file] of changed) {
    watchers.get(file)?.();
  }
}

/** Each turn of the event loop one step, so that the kernel still answers. */
function goOn() {
  if (work?.next().done) {
    work = null;
  }
  if (work !== null) {
    inNextTurn(goOn);
  }
}

/** @param foreseen `{modules, cells}`: names of packages, and the cells as `{name, source}` */
exports.getReady = (foreseen) => begin(foreseen);

/** The compiler, overheard: which program it made last, and how to tell it of a changed file. */
exports.overheard = (ts) => {
  const {sys} = ts;
  const {watchFile} = sys;
  sys.watchFile = (file, callback, ...rest) => {
    watchers.set(file, () => callback(file, ts.FileWatcherEventKind.Changed));
    return watchFile.call(sys, file, callback, ...rest);
  };
  const createWatchCompilerHost = (...args) => {
    const host = ts.createWatchCompilerHost(...args);
    const {createProgram} = host;
    host.createProgram = (...parts) => {
      builder = createProgram(...parts);
      return builder;
    };
    return host;
  };
  return {...ts, createWatchCompilerHost};
};

/**
 * The converter of the kernel, which from now on may be told of its cells ahead.
 *
 * @param cells the storage that holds the cell which runs
 */
exports.translateAhead = (converter, cells) => {
  const {convert} = converter;
  const keyOf = (previous, source) => JSON.stringify([cells.getStore()?.name, previous, source]);
  /** What cells before those foreseen declared. */
  let declared = "";
  const withImported = (converted) => {
    const sideOutputs = [...imported, ...(converted.sideOutputs ?? [])];
    imported = [];
    return sideOutputs.length === 0 ? converted : {...converted, sideOutputs};
  };
  converter.convert = (previous, source) => {
    work = null;
    forgetWhereChanged();
    const known = ready.get(keyOf(previous, source));
    const converted = withImported(known ?? convert(previous, source));
    declared = converted.declOutput ?? declared;
    return converted;
  };
  /** False where the cell does not compile: what comes after it cannot be known. */
  const translate = (cell) =>
    cells.run(cell, () => {
      const {sideOutputs = [], ...converted} = convert(declared, cell.source);
      imported.push(...sideOutputs);
      noteFiles();
      const isFine = converted.diagnostics.length === 0;
      if (isFine) {
        ready.set(keyOf(declared, cell.source), converted);
        declared = converted.declOutput ?? "";
      }
      return isFine;
    });
  const steps = function* ({modules, cells: foreseen}) {
    const require = Module.createRequire(path.join(process.cwd(), "cell.js"));
    for (const name of modules) {
      try {
        require(name);
      } catch {} // the cell that imports it will tell
      yield;
    }
    for (const cell of foreseen) {
      try {
        if (!translate(cell)) return;
      } catch {
        return; // the cell itself will tell
      }
      yield;
    }
  };
  begin = (foreseen) => {
    work = steps(foreseen);
    inNextTurn(goOn);
  };
};
