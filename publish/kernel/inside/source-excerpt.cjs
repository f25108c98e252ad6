"use strict";

/** The source around a place, with a caret under the column. */
exports.excerpt = (text, {line, column}) => {
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
};
