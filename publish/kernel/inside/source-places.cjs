"use strict";
/**
 * Places in what runs, brought back to the source: that of the cell, or of a file it imports.
 */
const {SourceMap} = require("node:module");
const path = require("node:path");
const {framePath} = require("./own-code.cjs");
const {placeTransformer} = require("./throw-places.cjs");

/** By path of the imported file as it runs: its maps and the path of its source. */
const fileMaps = new Map();
/** By name of the cell: its maps and its source. */
const cellMaps = new Map();
/** The folder the kernel started in; a cell may go elsewhere. */
const ROOT = process.cwd();
/** tslab puts `export {};` and a line break before every cell. */
const PREFIX_LINES = 1;
const CELL_FILE = /(^|[\\/])__tslab__\.[jt]s$/;
const INLINE_MAP = /\/\/# sourceMappingURL=data:application\/json;base64,(\S+)\s*$/;

/** Splits JavaScript text from its inline source map; the map is null when there is none. */
function takeInlineMap(text) {
  const found = INLINE_MAP.exec(text);
  if (found === null) {
    return {code: text, map: null};
  }
  const map = JSON.parse(Buffer.from(found[1], "base64").toString("utf8"));
  return {code: text.slice(0, found.index), map};
}

/** Remembers how to get from what runs back to the source: `second` first, then `first`. */
function keepMaps({cell, first, second}) {
  // Sources are named from a made-up output folder inside the kernel's folder.
  const source = path.join(ROOT, first.sources[0].replace(/^(\.\.\/)+/, ""));
  const maps = {source, first, second: JSON.parse(second)};
  if (CELL_FILE.test(source)) {
    if (cell !== undefined) {
      cellMaps.set(cell.name, {...maps, text: cell.source});
    }
  } else {
    fileMaps.set(source.replace(/\.tsx?$/, ".js"), maps);
  }
}

/**
 * The compiler with source maps on in both steps of tslab's translation; the maps are kept for
 * when an error needs them.
 */
exports.withSourceMaps = (ts, currentCell) => {
  const createWatchCompilerHost = (roots, options, ...rest) =>
    ts.createWatchCompilerHost(roots, {...options, inlineSourceMap: true}, ...rest);
  const transpileModule = (input, options) => {
    const {code, map} = takeInlineMap(input);
    const compilerOptions = {...options.compilerOptions, sourceMap: map !== null};
    const isCell = map !== null && CELL_FILE.test(map.sources[0]);
    const transformers = {before: [placeTransformer(ts, isCell)]};
    const result = ts.transpileModule(code, {...options, compilerOptions, transformers});
    if (map !== null) {
      keepMaps({cell: currentCell(), first: map, second: result.sourceMapText});
    }
    return {...result, outputText: result.outputText.replace(/\/\/# sourceMappingURL=\S+\s*$/, "")};
  };
  return {...ts, createWatchCompilerHost, transpileModule};
};

/** By map as JSON: the same to look things up in, made when it is first needed. */
const readMaps = new WeakMap();

/** Zero-based position through one map, or null where the map has nothing for that line. */
function mapBack(map, {line, column}) {
  const known = readMaps.get(map) ?? new SourceMap(map);
  readMaps.set(map, known);
  const entry = known.findEntry(line, column);
  // An entry of an earlier line is only the nearest one before: it would be a guess.
  return entry.originalLine === undefined || entry.generatedLine !== line
    ? null
    : {line: entry.originalLine, column: entry.originalColumn};
}

/** A place after the first of the two translations, in the source of the cell; or null. */
function inCell(maps, middle) {
  const back = middle === null ? null : mapBack(maps.first, middle);
  const line = back === null ? -1 : back.line - PREFIX_LINES;
  const isInside = line >= 0 && line < maps.text.split("\n").length;
  return isInside ? {line: line + 1, column: back.column + 1} : null;
}

function mapTwice(maps, line, column) {
  const middle = mapBack(maps.second, {line: line - 1, column: column - 1});
  return middle === null ? null : mapBack(maps.first, middle);
}

/** Whether code of this name is a cell or an imported file that was translated. */
exports.isMapped = (name) => cellMaps.has(name) || fileMaps.has(name);

/**
 * A frame's place in a cell: `{cell, line, column}` with the cell's name, counting from 1; null
 * where it is in none of its lines, undefined where it is in no cell.
 *
 * @param location as it ran, `cell 2:9:13`, or as a stack told it, `cell 2, line 3, column 7`
 */
exports.cellPlace = (location) => {
  const told = /^(.+), line (\d+), column (\d+)$/.exec(location);
  if (told !== null) {
    const [, cell, line, column] = told;
    return cellMaps.has(cell) ? {cell, line: Number(line), column: Number(column)} : undefined;
  }
  const [, name, line, column] = /^(.+):(\d+):(\d+)$/.exec(location) ?? [];
  const maps = cellMaps.get(name);
  if (maps === undefined) {
    return undefined;
  }
  const zeroBased = {line: Number(line) - 1, column: Math.max(1, Number(column)) - 1};
  const place = inCell(maps, mapBack(maps.second, zeroBased));
  return place && {cell: name, ...place};
};

/** Where a cell's outer statement began that ran last; see `throw-places.cjs`. */
exports.statementPlace = ({at, name}) => {
  const maps = cellMaps.get(name);
  const place = maps === undefined || at === undefined ? null : inCell(maps, at);
  return place && {cell: name, ...place};
};

/** The source of a cell that ran, or undefined. */
exports.cellSource = (name) => cellMaps.get(name)?.text;

/** A frame's place in a file, as text: `own/failing.ts:7:11`. */
exports.filePlace = (location) => {
  const [, named, line, column] = /^(.*):(\d+):(\d+)$/.exec(location) ?? [];
  const file = named && framePath(named);
  const maps = fileMaps.get(file);
  const back = maps === undefined ? null : mapTwice(maps, Number(line), Number(column));
  // What a stack told already is seen from that folder, wherever a cell went since.
  const shown = path.relative(ROOT, back === null ? path.resolve(ROOT, file ?? "") : maps.source);
  if (back === null) {
    return file === undefined ? location : `${shown}:${line}:${column}`;
  }
  return `${shown}:${back.line + 1}:${back.column + 1}`;
};
