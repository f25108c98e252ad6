import type {Cell, Notebook, Output} from "../notebook/file/nbformat.js";
import {renderPage} from "./page.js";

let isWarm = false;

/**
 * Loads what pages are rendered with, and lets the engine compile it, while there is nothing else
 * to do: the first page of a process then takes no longer than others.
 */
export function warmPage(): void {
  if (isWarm) return;
  isWarm = true;
  const notebook: Notebook = {nbformat: 4, nbformat_minor: 5, metadata: {}, cells: sampleCells()};
  renderPage({notebook, name: "sample"});
}

function sampleCells(): Cell[] {
  const fields = {id: "sample", metadata: {}};
  const table = `<table><tr><th>a</th></tr>${'<tr><td class="num">1</td></tr>'.repeat(20)}</table>`;
  const outputs: Output[] = [
    {output_type: "display_data", data: {"text/html": table}, metadata: {}},
    {output_type: "stream", name: "stdout", text: "a line\n"},
  ];
  const code = "const rows = run.map(({name}) => ({name, pnl: total(1.5)})); // each\nshow('a');\n";
  const text = "## Heading\n\nSome *text*, `code` and [a link](https://example.com).\n\n- one\n";
  return [
    {...fields, cell_type: "markdown", source: text.repeat(3)},
    {...fields, cell_type: "code", source: code.repeat(8), execution_count: 1, outputs},
  ];
}
