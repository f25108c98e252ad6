// node bench/publish/million-lines.mjs NOTEBOOK COUNT: the time of its one cell, and what was lost.
import process from "node:process";
import {runNotebook} from "../../dist/publish/notebook/run-notebook.js";
import {countLines} from "./sample-notebooks.mjs";

const [notebookPath, count] = process.argv.slice(2);
const {cells, notebook} = await runNotebook({notebookPath});
const linesLost = Number(count) - countLines(notebook);
console.log(JSON.stringify({cellMs: cells[0].durationMs, linesLost}));
