import type {ColumnTable} from "arquero";
import {netPnl} from "../../finance/net-pnl.js";
import {mean} from "../../stats/distribution/moments.js";
import {maxMoneyDrawdown} from "../../stats/drawdown/money-drawdown.js";
import {columnOf, type Frame} from "../../table/frame.js";
import {formatMinute} from "../../time/epoch.js";
import {
  formatBps,
  formatGain,
  formatMoney,
  formatNumber,
  formatPercent,
  UNKNOWN,
} from "../number-text.js";
import type {RecordedRun} from "../recorded-run.js";
import {kpiRow, note, type Sentence, tableOfTexts, verdictBox} from "../sentence.js";
import {makeTable} from "../table.js";

/** What a run has earned so far; money in settlement currency, NaN where nothing was recorded. */
export interface RunEarnings {
  readonly bars: number;
  /** End of the last recorded bar (epoch ms). */
  readonly lastBar: number;
  /** Σ pnl − fees + funding. */
  readonly netPnl: number;
  /** 10⁴ · net PnL / Σ gross volume. */
  readonly netPnlBps: number;
  /** 100 · net PnL / mean GMV; bars without holdings do not count. */
  readonly netPnlPercent: number;
  /** Largest fall of the cumulative net PnL below its peak, 0 or negative; the start is a peak. */
  readonly maxDrawdown: number;
  readonly fees: number;
  /** Of the last bar. */
  readonly gmv: number;
  /** GMV / net wealth of the last bar. */
  readonly leverage: number;
  /** Of the last bar. */
  readonly netWealth: number;
}

/** What a run has earned so far, from its bar metrics. */
export function runEarnings(statistics: Frame): RunEarnings {
  const bars = statistics.index.length;
  const of = (name: string): Float64Array =>
    statistics.columns.includes(name) ? columnOf(statistics, name) : new Float64Array();
  const pnl = bars === 0 ? new Float64Array() : netPnl(statistics);
  const total = sum(pnl);
  const held = of("gmv").filter((x) => x > 0);
  const volume = sum(of("gross_volume"));
  const isKnown = pnl.some((x) => !Number.isNaN(x));
  return {
    bars,
    lastBar: statistics.index.at(-1) ?? Number.NaN,
    netPnl: isKnown ? total : Number.NaN,
    netPnlBps: isKnown && volume > 0 ? (1e4 * total) / volume : Number.NaN,
    netPnlPercent: isKnown && held.length > 0 ? (100 * total) / mean(held) : Number.NaN,
    maxDrawdown: isKnown ? 0 - maxMoneyDrawdown(Float64Array.of(0, ...pnl)) : Number.NaN,
    fees: sum(of("fees")),
    gmv: of("gmv").at(-1) ?? Number.NaN,
    leverage: of("leverage").at(-1) ?? Number.NaN,
    netWealth: of("net_wealth").at(-1) ?? Number.NaN,
  };
}

/** The earnings as headline figures, or the sentence that no bar was recorded. */
export function earningsRow(earnings: RunEarnings): Sentence {
  if (earnings.bars === 0) {
    return verdictBox("empty", "No bar was recorded yet.", "There is no PnL to show.");
  }
  const {lastBar, bars} = earnings;
  return kpiRow([
    {label: "Net PnL", value: formatGain(earnings.netPnl), note: "after fees"},
    {label: "Net PnL / volume", value: formatBps(earnings.netPnlBps), note: "of gross volume"},
    {label: "Net PnL / GMV", value: formatPercent(earnings.netPnlPercent), note: "of mean GMV"},
    {label: "Largest drawdown", value: formatMoney(earnings.maxDrawdown), note: "of net PnL"},
    {label: "GMV", value: formatMoney(earnings.gmv), note: "gross market value, last bar"},
    {label: "Leverage", value: ratioText(earnings.leverage), note: "GMV / net wealth"},
    {label: "Fees", value: formatMoney(earnings.fees), note: "paid so far"},
    {label: "Last bar", value: formatMinute(lastBar).slice(11), note: lastBarNote(lastBar, bars)},
  ]);
}

/** What is held at the last bar, largest first, with each instrument's PnL so far (before fees). */
export function holdingsTable({portfolio}: Pick<RecordedRun, "portfolio">): ColumnTable {
  const {holdings_shares: shares, holdings_notional: values, pnl} = portfolio;
  const rows = values.columns.map((id, j) => ({
    id,
    shares: shares.data[j]?.at(-1) ?? Number.NaN,
    value: values.data[j]?.at(-1) ?? Number.NaN,
    pnl: sum(pnl.data[j] ?? new Float64Array()),
  }));
  const gmv = sum(Float64Array.from(rows, ({value}) => Math.abs(value)));
  rows.sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
  return makeTable({
    Instrument: rows.map(({id}) => id),
    Side: rows.map(({value}) => (value > 0 ? "long" : value < 0 ? "short" : "flat")),
    Shares: rows.map((row) => row.shares),
    "Value ($)": rows.map(({value}) => cents(value)),
    "Share of GMV (%)": rows.map(({value}) => cents((100 * Math.abs(value)) / gmv)),
    "PnL so far, before fees ($)": rows.map((row) => cents(row.pnl)),
  });
}

/** The holdings for a page, every share count to its own precision; or that there are none. */
export function holdingsView(run: Pick<RecordedRun, "portfolio">): Sentence {
  const table = holdingsTable(run);
  if (table.numRows() === 0) {
    return note("No holding was recorded.");
  }
  const names = table.columnNames();
  const rows = table.objects() as Record<string, string | number>[];
  const texts = rows.map((row) => names.map((name) => holdingText(name, row[name] ?? "")));
  return tableOfTexts([names, ...texts], 2);
}

function holdingText(name: string, value: string | number): string {
  if (typeof value === "string") {
    return value;
  }
  return formatNumber(value, name === "Shares" ? shareDecimals(value) : 2);
}

/** Six significant digits, no zeros behind them. */
function shareDecimals(shares: number): number {
  const [, fraction = ""] = String(Number(Math.abs(shares).toPrecision(6))).split(".");
  return fraction.includes("e") ? 10 : fraction.length;
}

function lastBarNote(lastBar: number, bars: number): string {
  const day = formatMinute(lastBar).slice(0, 10);
  return `UTC, ${day}; ${formatNumber(bars)} ${bars === 1 ? "bar" : "bars"} done`;
}

function ratioText(ratio: number): string {
  const text = formatNumber(ratio, 2);
  return text === UNKNOWN ? text : `${text}×`;
}

function cents(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Missing values count as 0. */
function sum(values: Float64Array): number {
  return values.reduce((total, x) => total + (Number.isNaN(x) ? 0 : x), 0);
}

/** The earnings as plain JSON; what is not known is null, the last bar is a UTC text. */
export function earningsSummary(earnings: RunEarnings): Record<string, number | string | null> {
  const entries = Object.entries(earnings).map(([name, value]: [string, number]) => [
    name,
    Number.isFinite(value) ? value : null,
  ]);
  const {lastBar} = earnings;
  return {
    ...Object.fromEntries(entries),
    lastBar: Number.isNaN(lastBar) ? null : formatMinute(lastBar),
  };
}
