import type {ColumnTable} from "arquero";
import {columnOf, type Frame, makeFrame} from "../../table/frame.js";
import {formatCount, formatNumber} from "../number-text.js";
import {note, type Sentence} from "../sentence.js";
import {makeTable} from "../table.js";

/** A holding further from its target than this, relative to the target, is an underfill. */
const TOLERANCE = 1e-9;

/**
 * What was held against what was wanted a bar before: holdings(t) − target(t − 1), shares.
 *
 * The first bar is NaN: nothing was wanted before it.
 */
export function targetGaps(targets: Readonly<Record<string, Frame>>): Frame {
  const {holdings_shares: held, target_holdings_shares: wanted} = targets;
  if (held === undefined || wanted === undefined) {
    return makeFrame(new Float64Array(), [], []);
  }
  const data = held.columns.map((id, j) => {
    const target = columnOf(wanted, id);
    return (held.data[j] as Float64Array).map((shares, t) =>
      t === 0 ? Number.NaN : clean(shares - (target[t - 1] as number), target[t - 1] as number),
    );
  });
  return makeFrame(held.index, held.columns, data);
}

/**
 * Per instrument, how often and by how much the holdings missed the target of the bar before; or
 * the sentence that they never did.
 */
export function targetShortfalls(targets: Readonly<Record<string, Frame>>): ColumnTable | Sentence {
  const gaps = targetGaps(targets);
  if (gaps.index.length < 2) {
    return note(`${formatCount(gaps.index.length, "bar")}; a target needs a bar after it.`);
  }
  const rows = gaps.columns.map((id, j) =>
    shortfallOf(id, gaps.data[j] as Float64Array, targets.price as Frame),
  );
  const missed = rows.filter(({bars}) => bars > 0).sort((a, b) => b.dollars - a.dollars);
  if (missed.length === 0) {
    const bars = formatCount(gaps.index.length - 1, "bar");
    const names = formatCount(rows.length, "instrument");
    return note(`Every target was reached by the next bar: ${names}, ${bars}, no underfill.`);
  }
  return makeTable({
    Instrument: missed.map(({id}) => id),
    "Bars off target": missed.map(({bars}) => bars),
    "Largest gap (shares)": missed.map(({shares}) => shares),
    "Largest gap ($)": missed.map(({dollars}) => formatNumber(dollars, 2)),
  });
}

interface Shortfall {
  readonly id: string;
  readonly bars: number;
  readonly shares: number;
  readonly dollars: number;
}

function shortfallOf(id: string, gaps: Float64Array, prices: Frame): Shortfall {
  const price = columnOf(prices, id);
  const known = gaps.map((gap) => (Number.isNaN(gap) ? 0 : Math.abs(gap)));
  const values = known.map((gap, t) => (gap === 0 ? 0 : gap * (price[t] as number)));
  return {
    id,
    bars: known.filter((gap) => gap > 0).length,
    shares: known.reduce((max, gap) => Math.max(max, gap), 0),
    dollars: values.reduce((max, value) => (value > max ? value : max), 0),
  };
}

/** Rounding of the two sides is no gap. */
function clean(gap: number, target: number): number {
  return Math.abs(gap) <= TOLERANCE * Math.abs(target) ? 0 : gap;
}
