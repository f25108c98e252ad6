import {formatMinute} from "../../time/epoch.js";
import {formatGain, formatNumber} from "../number-text.js";
import {joinSentences, type Sentence, tableOfTexts, verdictBox} from "../sentence.js";
import {type InvestorPnl, presentWindows} from "./investor-pnl.js";
import {type PnlSeries, totalOf} from "./pnl-series.js";

/** What a picture shows, in numbers: the same for the picture, the page and the dry run. */
export interface WindowFacts {
  /** `since_2019`, `last_24hours` … */
  readonly name: string;
  /** First and last bar end, `YYYY-MM-DD HH:MM` UTC. */
  readonly first: string;
  readonly last: string;
  readonly bars: number;
  /** The value written at the line, $; null where no bar is known. */
  readonly netPnl: number | null;
}

/** The facts of one window that has bars. */
export function windowFacts({name, index, netPnl}: PnlSeries): WindowFacts {
  const total = totalOf(netPnl);
  return {
    name,
    first: formatMinute(index[0] as number),
    last: formatMinute(index.at(-1) as number),
    bars: index.length,
    netPnl: Number.isNaN(total) ? null : total,
  };
}

/** The facts of all windows, for `results.json`. */
export function windowsSummary(pnl: InvestorPnl): WindowFacts[] {
  return presentWindows(pnl).map(windowFacts);
}

/** The windows as a table, and what has to be said of the data. */
export function windowsView(pnl: InvestorPnl): Sentence {
  const rows = presentWindows(pnl).map((series) => {
    const {first, last, bars, netPnl} = windowFacts(series);
    const earned = formatGain(netPnl ?? Number.NaN);
    return [series.title, first, last, formatNumber(bars), earned];
  });
  const heads = ["Picture", "First bar (UTC)", "Last bar (UTC)", "Bars", "Net PnL"];
  return joinSentences(tableOfTexts([heads, ...rows]), ...pnl.notes.map(noteBox));
}

/** Data that had to be mended or does not fit is no fine print. */
function noteBox(text: string): Sentence {
  return verdictBox("empty", "Note.", text);
}
