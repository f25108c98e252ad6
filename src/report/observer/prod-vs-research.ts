import {netPnl} from "../../finance/pnl/net-pnl.js";
import {correlation} from "../../stats/comparison/correlation.js";
import type {Frame} from "../../table/frame.js";
import {selectRows} from "../../table/frame.js";
import {totalOf} from "../investor/pnl-series.js";
import {formatCount, formatGain, formatNumber} from "../number-text.js";
import {runModeName} from "../run-facts.js";
import {kpiRow, note, type Sentence} from "../sentence.js";
import type {ObservedRun} from "./observed-run.js";

/** What a run earned beside what its forecasts alone would have earned, over the same bars. */
export interface ResearchGap {
  readonly bars: number;
  /** Σ net PnL of the run over these bars. */
  readonly prod: number;
  /** Σ net PnL of the research portfolio over these bars: its fees are those of the config. */
  readonly research: number;
  /** prod − research. */
  readonly difference: number;
  /** Pearson's, of the PnL per bar. */
  readonly correlation: number;
}

/** Prod less research over the bars that both know. */
export function researchGap(prod: Frame, research: Frame): ResearchGap {
  const inResearch = new Set(research.index);
  const index = prod.index.filter((time) => inResearch.has(time));
  const [mine, theirs] = [prod, research].map((frame) =>
    index.length === 0 ? new Float64Array() : netPnl(selectRows(frame, index)),
  ) as [Float64Array, Float64Array];
  const isKnown = mine.map((x, t) => Number(!Number.isNaN(x) && !Number.isNaN(theirs[t])));
  const known = (column: Float64Array): Float64Array => column.filter((_, t) => isKnown[t] === 1);
  const [a, b] = [known(mine), known(theirs)];
  const [earned, forecast] = [totalOf(a), totalOf(b)];
  return {
    bars: a.length,
    prod: earned,
    research: forecast,
    difference: earned - forecast,
    correlation: correlation(a, b),
  };
}

/** The gap as headline figures, or the sentence that there is no research portfolio. */
export function researchGapView(
  run: Pick<ObservedRun, "portfolio" | "research" | "facts">,
): Sentence {
  const {portfolio, research, facts} = run;
  if (research.index.length === 0 || portfolio.statistics.index.length === 0) {
    const why = "no forecast was recorded that could be evaluated";
    return note(`There is no research portfolio to set it against: ${why}.`);
  }
  const gap = researchGap(portfolio.statistics, research);
  return kpiRow([
    {label: runModeName(facts.runMode), value: formatGain(gap.prod), note: "net PnL"},
    {
      label: "Research",
      value: formatGain(gap.research),
      note: "forecasts alone, no execution",
    },
    {label: "Difference", value: formatGain(gap.difference), note: "the run less research"},
    {
      label: "Correlation",
      value: formatNumber(gap.correlation, 4),
      note: `of PnL per bar, ${formatCount(gap.bars, "bar")}`,
    },
  ]);
}

/** The gap as plain JSON; what is not known is null. */
export function researchGapSummary(gap: ResearchGap): Record<string, number | null> {
  return Object.fromEntries(
    Object.entries(gap).map(([name, x]: [string, number]) => [name, Number.isFinite(x) ? x : null]),
  );
}
