"use strict";
/** What the compiler said of a cell, as the content of a Jupyter `error` message. */
const {readFileSync} = require("node:fs");
const path = require("node:path");
const {excerpt} = require("./source-excerpt.cjs");

/** The folder the kernel started in; diagnostics name files from there. */
const ROOT = process.cwd();

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

/** Where the import of a cell looks for a file is not seen from the notebook, nor in its folder. */
function withStart(diagnostic) {
  const [, sought] = /^Cannot find module '(\.[^']*)'/.exec(diagnostic.message) ?? [];
  if (sought === undefined || diagnostic.file !== "") return diagnostic;
  const start = `"${path.basename(ROOT)}", the nearest folder with packages`;
  const message = `Cannot find module '${sought}': relative imports of cells begin in ${start}.`;
  return {...diagnostic, message};
}

/** The text that a diagnostic is about: the cell's, or that of a file it imports. */
function sourceOf({file}, cell) {
  if (file === "") {
    return cell.source;
  }
  try {
    return readFileSync(path.resolve(ROOT, file), "utf8");
  } catch {
    return "";
  }
}

/** A cell that ends too early is told of after its last line: there is nothing to point at. */
function withinText({line, column}, text) {
  const lines = text.split("\n");
  const last = lines.findLastIndex((one) => one.trim() !== "") + 1;
  return line <= lines.length && line <= Math.max(last, 1)
    ? {line, column}
    : {line: Math.max(last, 1), column: (lines[last - 1] ?? "").trimEnd().length + 1};
}

/** Where a cell imports a file: the line that names it. */
function importOf(file, cell) {
  const {name} = path.parse(file);
  const lines = cell.source.split("\n");
  const named = /(?:\bfrom|\bimport|\brequire\()\s*\(?(["'])(\.{0,2}[^"']*)\1/;
  const imports = lines.flatMap((text, i) => {
    const [found, , specifier] = named.exec(text) ?? [];
    return found === undefined || !specifier.startsWith(".")
      ? []
      : [{line: i + 1, column: text.indexOf(specifier) + 1, name: path.parse(specifier).name}];
  });
  const own = imports.find((one) => one.name === name);
  // A file may be imported by an imported file.
  return own ?? (imports.length === 1 ? imports[0] : {line: null, column: null});
}

exports.describeDiagnostics = (diagnostics, cell) => {
  const groups = groupDiagnostics(diagnostics.map((one) => withStart(inOwnFile(one, cell))));
  const [first] = groups;
  const more = groups.length - 1;
  const evalue = first.message + (more > 0 ? ` (and ${more} more)` : "");
  const traceback = groups.slice(0, 10).flatMap((group) => {
    const {details, file, message} = group;
    const text = sourceOf(group, cell);
    const place = text === "" ? group : withinText(group, text);
    const where = file === "" ? `line ${place.line}` : `${file}, line ${place.line}`;
    return [`${where}: ${message}`, ...details, ...(text === "" ? [] : excerpt(text, place))];
  });
  const {line, column} =
    first.file === "" ? withinText(first, cell.source) : importOf(first.file, cell);
  return {
    content: {
      ename: "TypeScriptError",
      evalue,
      traceback: [`TypeScriptError: ${evalue}`, ...traceback],
    },
    place: {line, column},
  };
};
