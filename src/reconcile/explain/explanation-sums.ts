import {PNL_PARTS, type PnlExplanation, type PnlPart} from "../../finance/pnl/explain-pnl.js";
import {sum} from "../../stats/distribution/moments.js";
import type {Frame} from "../../table/frame.js";

/** A difference of PnL in money, and what it is made of. */
export interface ExplainedAmount {
  readonly total: number;
  readonly parts: Readonly<Record<PnlPart, number>>;
}

/** The whole difference, over all bars and instruments. */
export function explainedTotal({total, parts}: PnlExplanation): ExplainedAmount {
  return amountOf(
    (frame) => frame.data.reduce((all, column) => all + sum(column), 0),
    total,
    parts,
  );
}

/** The difference of each instrument over all bars, the largest first. */
export function explainedByInstrument({
  total,
  parts,
}: PnlExplanation): (ExplainedAmount & {readonly instrument: string})[] {
  return total.columns
    .map((instrument, j) => ({
      instrument,
      ...amountOf((frame) => sum(frame.data[j] as Float64Array), total, parts),
    }))
    .sort((a, b) => Math.abs(b.total) - Math.abs(a.total));
}

function amountOf(
  f: (frame: Frame) => number,
  total: Frame,
  parts: PnlExplanation["parts"],
): ExplainedAmount {
  return {
    total: f(total),
    parts: Object.fromEntries(PNL_PARTS.map((part) => [part, f(parts[part])])) as Record<
      PnlPart,
      number
    >,
  };
}
