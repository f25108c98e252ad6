// The notebooks that all contestants run, written for the plain tslab kernel.
import {writeFileSync} from "node:fs";
import {join} from "node:path";

const kernelspec = {display_name: "TypeScript", language: "typescript", name: "tslab"};

/** What is run, how often it prints, and what its page must hold. */
export const sampleNotebooks = [
  {name: "1 cell", stem: "one-cell", cells: ['console.log("line 0");'], lines: 1, figures: 0},
  {name: "100 cells", stem: "hundred-cells", cells: hundredCells(), lines: 100, figures: 0},
  {name: "12 plotly figures", stem: "twelve-figures", cells: figureCells(), lines: 12, figures: 12},
  {
    name: "5,000 lines in a cell",
    stem: "lines",
    cells: [printLines(5_000)],
    lines: 5_000,
    figures: 0,
  },
];

/** Each needs the one before it, so that none may be left out. */
function hundredCells() {
  return Array.from({length: 100}, (_, i) => {
    const total = i === 0 ? "0" : `total${i - 1} + ${i}`;
    const row = `const row${i} = {i: ${i}, total: total${i}};`;
    return `const total${i} = ${total};\n${row}\nconsole.log("line ${i}");`;
  });
}

function figureCells() {
  const head = 'import {display} from "tslab";\n';
  return Array.from({length: 12}, (_, i) => {
    const values = `Array.from({length: 500}, (_, x) => Math.sin((x * ${i + 1}) / 80))`;
    const layout = `{title: {text: "Wave ${i}"}}`;
    const figure = `{data: [{type: "scatter", y: ${values}}], layout: ${layout}}`;
    const show = `display.raw("application/vnd.plotly.v1+json", JSON.stringify(${figure}));`;
    return `${i === 0 ? head : ""}${show}\nconsole.log("line ${i}");`;
  });
}

export function printLines(count) {
  return `for (let i = 0; i < ${count}; ++i) console.log(\`line \${i}\`);`;
}

/** Writes a notebook and returns its path. */
export function writeSample(folder, {stem, cells}) {
  const path = join(folder, `${stem}.ipynb`);
  const code = cells.map((source, i) => ({
    cell_type: "code",
    id: `cell-${i}`,
    metadata: {},
    execution_count: null,
    outputs: [],
    source,
  }));
  const notebook = {cells: code, metadata: {kernelspec}, nbformat: 4, nbformat_minor: 5};
  writeFileSync(path, JSON.stringify(notebook));
  return path;
}

/** How many of the wanted lines an executed notebook holds. */
export function countLines(notebook) {
  const found = new Set();
  for (const {outputs = []} of notebook.cells) {
    for (const output of outputs) {
      if (output.output_type !== "stream") continue;
      const text = Array.isArray(output.text) ? output.text.join("") : output.text;
      for (const [, i] of text.matchAll(/^line (\d+)$/gm)) found.add(i);
    }
  }
  return found.size;
}
