"use strict";
/**
 * Turns what a cell threw, or what the compiler said of it, into the content of a Jupyter `error`
 * message: places are those of the cell's own source, and frames are the user's own.
 */
const {SourceMap} = require("node:module");
const path = require("node:path");
const {inspect} = require("node:util");

/** By path of the imported file as it runs: its maps and the path of its source. */
const fileMaps = new Map();
/** By number of the cell: its maps and its source. */
const cellMaps = new Map();
/** The folder the kernel started in; a cell may go elsewhere. */
const ROOT = process.cwd();
/** tslab puts `export {};` and a line break before every cell. */
const PREFIX_LINES = 1;
const FRAME = /^\s+at (.*)$/;
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
  if (/^__tslab__\.[jt]s$/.test(path.basename(source))) {
    if (cell !== undefined) {
      cellMaps.set(cell.number, {...maps, text: cell.source});
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
    const result = ts.transpileModule(code, {...options, compilerOptions});
    if (map !== null) {
      keepMaps({cell: currentCell(), first: map, second: result.sourceMapText});
    }
    return {...result, outputText: result.outputText.replace(/\/\/# sourceMappingURL=\S+\s*$/, "")};
  };
  return {...ts, createWatchCompilerHost, transpileModule};
};

/** Zero-based position through one map, or null where the map has nothing for that line. */
function mapBack(map, {line, column}) {
  const entry = new SourceMap(map).findEntry(line, column);
  // An entry of an earlier line is only the nearest one before: it would be a guess.
  return entry.originalLine === undefined || entry.generatedLine !== line
    ? null
    : {line: entry.originalLine, column: entry.originalColumn};
}

function mapTwice(maps, line, column) {
  const middle = mapBack(maps.second, {line: line - 1, column: column - 1});
  return middle === null ? null : mapBack(maps.first, middle);
}

/** A frame's place in a cell: `{cell, line, column}` counting from 1, or null. */
function cellPlace(location) {
  const [, number, line, column] = /^cell \[(\d+)\]:(\d+):(\d+)$/.exec(location) ?? [];
  const maps = cellMaps.get(Number(number));
  if (maps === undefined) {
    return null;
  }
  const back = mapTwice(maps, Number(line), Math.max(1, Number(column)));
  const sourceLine = back === null ? -1 : back.line - PREFIX_LINES;
  const isInside = sourceLine >= 0 && sourceLine < maps.text.split("\n").length;
  return isInside ? {cell: Number(number), line: sourceLine + 1, column: back.column + 1} : null;
}

function filePlace(location) {
  const [, file, line, column] = /^(?:file:\/\/)?(.*):(\d+):(\d+)$/.exec(location) ?? [];
  const maps = fileMaps.get(file);
  const back = maps === undefined ? null : mapTwice(maps, Number(line), Number(column));
  const shown = path.relative(ROOT, back === null ? (file ?? location) : maps.source);
  if (back === null) {
    return file === undefined ? location : `${shown}:${line}:${column}`;
  }
  return `${shown}:${back.line + 1}:${back.column + 1}`;
}

function isOwn(location) {
  return (
    !/^node:|^native$|^<anonymous>$|^evalmachine|[\\/]tslab[\\/]dist[\\/]/.test(location) &&
    !location.startsWith(__dirname)
  );
}

/** The user's frames of a stack: text to show, and the place where it is in a cell. */
function readFrames(stack) {
  return stack.split("\n").flatMap((text) => {
    const frame = FRAME.exec(text)?.[1];
    const [, name, inner] = /^(.*) \((.*)\)$/.exec(frame ?? "") ?? [];
    const location = inner ?? frame?.replace(/^async /, "");
    if (location === undefined || !isOwn(location)) {
      return [];
    }
    if (!location.startsWith("cell [")) {
      return [{text: showFrame(name, filePlace(location)), place: null}];
    }
    const place = cellPlace(location);
    // Without a place in the source it is the wrapper that tslab puts around a cell.
    const where = place && `cell [${place.cell}], line ${place.line}, column ${place.column}`;
    return place === null ? [] : [{text: showFrame(name, where), place}];
  });
}

function showFrame(given, where) {
  // What an earlier cell declared is called through tslab's own proxy.
  const name = given?.replace(/^(async )?Proxy\./, "$1");
  return name === undefined || name.startsWith("eval")
    ? `    at ${where}`
    : `    at ${name} (${where})`;
}

/** The source around a place, with a caret under the column. */
function excerpt(text, {line, column}) {
  const lines = text.split("\n");
  const width = String(line).length;
  const gutter = (n) => (n === null ? "" : String(n)).padStart(width);
  const shown = [];
  for (let n = Math.max(1, line - 2); n <= line; ++n) {
    shown.push(`${n === line ? ">" : " "} ${gutter(n)} | ${lines[n - 1]}`);
  }
  // Tabs before the caret keep it under its character at any tab width.
  const indent = lines[line - 1].slice(0, column - 1).replace(/[^\t]/g, " ");
  return [...shown, `  ${gutter(null)} | ${indent}^`];
}

function nameOf(thrown) {
  try {
    return String(thrown.name || thrown.constructor?.name || "Error");
  } catch {
    return "Error";
  }
}

function isError(value) {
  return typeof value === "object" && value !== null && typeof value.stack === "string";
}

function evalueOf(thrown) {
  try {
    return isError(thrown) ? String(thrown.message) : inspect(thrown);
  } catch {
    return "an error that cannot be shown";
  }
}

/** An interrupt is not the cell's own error, and neither of its two stacks says where it was. */
function isInterrupt(thrown) {
  return (
    thrown?.code === "ERR_SCRIPT_EXECUTION_INTERRUPTED" ||
    thrown?.message === "Interrupted asynchronously"
  );
}

function describeThrown(thrown, cell) {
  if (isInterrupt(thrown)) {
    const [ename, evalue] = ["Interrupted", "the cell was interrupted"];
    const content = {ename, evalue, traceback: [`${ename}: ${evalue}`]};
    return {content, place: {line: null, column: null}};
  }
  const ename = isError(thrown) ? nameOf(thrown) : "Thrown";
  const evalue = evalueOf(thrown);
  const frames = isError(thrown) ? readFrames(thrown.stack) : [];
  const place = frames.find((frame) => frame.place !== null)?.place ?? null;
  const text = place === null ? undefined : cellMaps.get(place.cell)?.text;
  const inOther = place !== null && place.cell !== cell.number ? ` in cell [${place.cell}]` : "";
  const traceback = [
    `${ename}: ${evalue}`,
    ...(text === undefined ? [] : [`line ${place.line}${inOther}:`, ...excerpt(text, place)]),
    ...frames.slice(0, 20).map((frame) => frame.text),
    ...causesOf(thrown),
  ];
  const own = frames.find((frame) => frame.place?.cell === cell.number)?.place;
  return {
    content: {ename, evalue, traceback},
    place: {line: own?.line ?? null, column: own?.column ?? null},
  };
}

/** One line for each cause or collected error, and for theirs. */
function causesOf(thrown, depth = 0) {
  if (!isError(thrown) || depth > 4) {
    return [];
  }
  const collected = Array.isArray(thrown.errors) ? thrown.errors.slice(0, 5) : [];
  const inner = thrown.cause === undefined ? collected : [thrown.cause, ...collected];
  return inner.flatMap((cause) => {
    const name = isError(cause) ? `${nameOf(cause)}: ` : "";
    return [`Caused by ${name}${evalueOf(cause)}`, ...causesOf(cause, depth + 1)];
  });
}

/** The compiler explains one complaint in several messages at one place; the first one counts. */
function groupDiagnostics(diagnostics) {
  const groups = [];
  for (const {message, ...place} of diagnostics) {
    const last = groups.at(-1);
    const isMore = last !== undefined && last.line === place.line && last.column === place.column;
    if (isMore) {
      last.details.push(`  ${message}`);
    } else {
      groups.push({...place, message, details: []});
    }
  }
  return groups;
}

/** A cell with `@module m` is compiled as a file `m.ts` of its own, line by line the same. */
function inOwnFile(diagnostic, cell) {
  const name = /@module\s+(\w+)/.exec(cell.source)?.[1];
  const isOwn = name !== undefined && path.parse(diagnostic.file).name === name;
  return isOwn ? {...diagnostic, file: ""} : diagnostic;
}

function describeDiagnostics(diagnostics, cell) {
  const groups = groupDiagnostics(diagnostics.map((diagnostic) => inOwnFile(diagnostic, cell)));
  const [first] = groups;
  const more = groups.length - 1;
  const evalue = first.message + (more > 0 ? ` (and ${more} more)` : "");
  const traceback = groups.slice(0, 10).flatMap(({file, line, column, message, details}) => {
    const where = file === "" ? `line ${line}` : `${file}, line ${line}`;
    const isInside = file === "" && line >= 1 && line <= cell.source.split("\n").length;
    const shown = isInside ? excerpt(cell.source, {line, column}) : [];
    return [`${where}: ${message}`, ...details, ...shown];
  });
  const inCell = first.file === "" ? first : {line: null, column: null};
  return {
    content: {
      ename: "TypeScriptError",
      evalue,
      traceback: [`TypeScriptError: ${evalue}`, ...traceback],
    },
    place: {line: inCell.line, column: inCell.column},
  };
}

/** @param problems one thrown value, or the compiler's diagnostics, of `cell` */
exports.describeFailure = (problems, cell) => {
  const thrown = problems.find((problem) => "thrown" in problem);
  return thrown === undefined
    ? describeDiagnostics(
        problems.map((problem) => problem.diagnostic),
        cell,
      )
    : describeThrown(thrown.thrown, cell);
};
