import type {
  Cell,
  CellMetadata,
  Notebook,
  Output,
} from "../../../publish/notebook/file/nbformat.js";
import {PLOTLY_MIME} from "../../../publish/notebook/file/nbformat.js";

export function notebookOf(...cells: Cell[]): Notebook {
  return {nbformat: 4, nbformat_minor: 5, metadata: {}, cells};
}

export function text(source: string, metadata: CellMetadata = {}): Cell {
  return {cell_type: "markdown", id: "t", metadata, source};
}

export function code(source: string, outputs: Output[] = [], tags: string[] = []): Cell {
  return {cell_type: "code", id: "c", metadata: {tags}, source, execution_count: 1, outputs};
}

export function display(data: Record<string, unknown>): Output {
  return {output_type: "display_data", data, metadata: {}};
}

export const htmlOutput = (html: string) => display({"text/html": html});

export const figureOutput = (figure: unknown) =>
  display({[PLOTLY_MIME]: figure, "text/plain": "figure"});

export function stream(content: string, name: "stdout" | "stderr" = "stdout"): Output {
  return {output_type: "stream", name, text: content};
}

/** Three lines over a day of five-minute bars. */
export function lineFigure(title = "Cumulative PnL, net of fees"): unknown {
  const bars = Array.from({length: 288}, (_, i) => 1756684800000 + i * 300_000);
  const x = bars.map((ms) => new Date(ms).toISOString().slice(0, 19));
  const wave = (i: number, k: number) =>
    900 * Math.sin(i / 37 + k) + i * 6 + 130 * Math.sin(i * 1.7);
  return {
    data: ["prod", "sim", "research"].map((name, k) => ({
      type: "scatter",
      name,
      x,
      y: bars.map((_, i) => wave(i, k * 0.12) + k * 90),
    })),
    layout: {title: {text: title}, yaxis: {title: {text: "USD"}}, xaxis: {title: {text: "UTC"}}},
  };
}

/** Twelve small panels, as the portfolio figure has. */
export function panelsFigure(): unknown {
  const count = 12;
  const data = Array.from({length: count}, (_, k) => ({
    type: k % 3 === 1 ? "bar" : "scatter",
    x: Array.from({length: 60}, (_, i) => i),
    y: Array.from({length: 60}, (_, i) => Math.sin(i / 7 + k) * (k + 1)),
    xaxis: `x${k === 0 ? "" : k + 1}`,
    yaxis: `y${k === 0 ? "" : k + 1}`,
    showlegend: false,
  }));
  return {
    data,
    layout: {
      title: "Portfolio",
      height: 1200,
      grid: {rows: 4, columns: 3, pattern: "independent", ygap: 0.35},
    },
  };
}

const orders = Array.from({length: 24}, (_, i) => {
  const hour = String(i).padStart(2, "0");
  const pnl = Math.round(Math.sin(i) * 90000) / 100;
  return `<tr><td>2025-09-01 ${hour}:00</td><td>BTCUSDT</td>
<td class="num">${(i * 1237.5).toFixed(1)}</td>
<td class="num ${pnl < 0 ? "neg" : "pos"}">${pnl.toFixed(2)}</td>
<td class="num">${(0.0001 * i).toFixed(5)}</td></tr>`;
}).join("");

const verdict = (tone: string, headline: string, rest: string) =>
  `<div class="verdict verdict-${tone}"><strong>${headline}</strong> ${rest}</div>`;

const kpis = [
  ["Net PnL", "pos", "+1,734.20", "USD, after fees"],
  ["Return on GMV", "", "0.17 %", ""],
  ["Sharpe ratio", "", "1.42", "365 days a year"],
  ["Max drawdown", "neg", "−0.38 %", ""],
  ["Turnover", "", "312 %", ""],
]
  .map(
    ([label, tone, value, note]) => `<div class="kpi"><span class="kpi-label">${label}</span>
<span class="kpi-value num ${tone}">${value}</span><span class="note">${note}</span></div>`,
  )
  .join("");

/** A page as a desk would publish it; every kind of output once. */
export function reconciliationNotebook(): Notebook {
  return notebookOf(
    text(
      `# C1 · paper trading against its simulation

Did the live system do what its simulation says it should have done, and what did it earn?`,
    ),
    code('export const model = "C1"; // a model id', [], ["parameters"]),
    code('const model = "C1";', [], ["injected-parameters"]),
    code("show(verdict(run));", [
      htmlOutput(
        verdict("ok", "No difference.", "Prod and simulation agree exactly over 288 bars."),
      ),
      htmlOutput(`<div class="kpi-row">${kpis}</div>`),
    ]),
    text(
      "## What did it earn?\n\nNet PnL of each portfolio, in USD, from the first bar of the day.",
    ),
    code("show(pnlFigure(run));", [figureOutput(lineFigure())]),
    text("## Orders\n\nEvery order with its fill. The **first** difference would be marked."),
    code("show(orderTable(run.orders));", [
      htmlOutput(
        `<table><thead><tr><th>Bar end</th><th>Instrument</th><th class="num">Target, USD</th>
<th class="num">PnL, USD</th><th class="num">Error</th></tr></thead>
<tbody>${orders}</tbody></table>`,
      ),
    ]),
    text("### Where they part\n\n- config: equal\n- `market data`: equal"),
    code("show(differs);", [
      htmlOutput(
        verdict("differs", "First difference: targets", "ETHUSDT: prod 12.4, simulation 12.9.") +
          verdict("empty", "Too short.", "3 bars; statistics need 20."),
      ),
      stream("\u001b[32mok\u001b[0m 288 bars\n\u001b[31mlate\u001b[0m 0 bars\n"),
      stream("warning: one bar was late\n", "stderr"),
    ]),
    text("## Portfolio"),
    code("show(panels(run));", [figureOutput(panelsFigure())]),
  );
}
