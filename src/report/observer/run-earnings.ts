import {netPnl} from "../../finance/pnl/net-pnl.js";
import {mean, sum} from "../../stats/distribution/moments.js";
import {maxMoneyDrawdown} from "../../stats/drawdown/money-drawdown.js";
import {columnOf, type Frame} from "../../table/frame.js";
import {formatMinute} from "../../time/epoch.js";
import {formatCount} from "../../words.js";
import {
  formatBps,
  formatGain,
  formatMoney,
  formatNumber,
  formatSmallPercent,
  UNKNOWN,
} from "../number-text.js";
import {kpiRow, type Sentence, verdictBox} from "../sentence.js";

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
  /** Σ gross volume. */
  readonly volume: number;
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
    volume: isKnown ? volume : Number.NaN,
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
    {
      label: "Net PnL / GMV",
      value: formatSmallPercent(earnings.netPnlPercent),
      note: "of mean GMV",
    },
    {label: "Largest drawdown", value: formatMoney(earnings.maxDrawdown), note: "of net PnL"},
    {label: "GMV", value: formatMoney(earnings.gmv), note: "gross market value, last bar"},
    {label: "Leverage", value: ratioText(earnings.leverage), note: "GMV / net wealth"},
    {label: "Fees", value: formatMoney(earnings.fees), note: "paid so far"},
    {label: "Last bar", value: formatMinute(lastBar).slice(11), note: lastBarNote(lastBar, bars)},
  ]);
}

function lastBarNote(lastBar: number, bars: number): string {
  const day = formatMinute(lastBar).slice(0, 10);
  return `UTC, ${day}; ${formatCount(bars, "bar")} done`;
}

function ratioText(ratio: number): string {
  const text = formatNumber(ratio, 2);
  return text === UNKNOWN ? text : `${text}×`;
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
