import type {Column} from "../../table/frame.js";
import type {InstrumentBars} from "../pnl/bar-metrics.js";
import {isValueUnknown, pnlOfChange} from "../pnl/bar-pnl.js";
import {shareDecimalsOf} from "../sizing/quantize-shares.js";
import {NO_ROUNDING, roundHalfEven} from "../sizing/round-half-even.js";
import {forEachSizedBlock, type SizedBlock} from "../sizing/row-sizer.js";
import {targetSizer} from "../sizing/target-sizer.js";
import {FFILL_LIMIT} from "./forecast-holdings.js";
import type {EvaluatorParams} from "./forecast-params.js";
import type {ForecastInputs} from "./forecast-trim.js";
import {firstRows, type TradingDays} from "./trading-day.js";

/** True where {@link streamBars} can do it: holdings go from bar to bar at the marks. */
export function canStream(
  {buyPrice}: ForecastInputs,
  {liquidateAtEndOfDay = true, adjustForSplits = false, computeExtendedStats}: EvaluatorParams,
): boolean {
  return !buyPrice && !liquidateAtEndOfDay && !adjustForSplits && !computeExtendedStats;
}

/**
 * The bars of a research portfolio, to the same bits as by way of its frames, in one walk over
 * blocks of rows that stay in the cache: nothing is kept of an instrument but its last bar.
 *
 * Only where {@link canStream} is true.
 *
 * @param visit gets some bars of an instrument, from a row on; the next call overwrites them
 */
export function streamBars(
  active: ForecastInputs,
  {params, days}: {readonly params: EvaluatorParams; readonly days: TradingDays},
  visit: (bars: InstrumentBars, from: number) => void,
): void {
  const {price} = active;
  const isFirst = firstRows(days, price.index.length);
  const walks = price.columns.map(
    (name, j): InstrumentWalk => ({
      price: price.data[j] as Column,
      digits: shareDecimalsOf(params.quantization ?? null, name),
      ...NOTHING_HELD,
    }),
  );
  const dayStarts = {isFirst, zeroesTrades: params.initializeBeginningOfDayTradesToZero ?? true};
  let made = barBuffers(0);
  forEachSizedBlock(targetSizer(walks.length, params.targets), active, (block) => {
    const rows = block.to - block.from;
    made = made.value.length === rows ? made : barBuffers(rows);
    for (let j = 0; j < walks.length; ++j) {
      walkBlock(walks[j] as InstrumentWalk, {block, days: dayStarts, made, j, width: walks.length});
      visit(made, block.from);
    }
  });
}

interface BarBuffers {
  readonly value: Float64Array;
  readonly traded: Float64Array;
  readonly pnl: Float64Array;
}

function barBuffers(rows: number): BarBuffers {
  return {
    value: new Float64Array(rows),
    traded: new Float64Array(rows),
    pnl: new Float64Array(rows),
  };
}

/** One instrument's last bar. */
interface InstrumentWalk {
  readonly price: Column;
  readonly digits: number;
  /** What the last targets ask for at the end of the next bar. */
  wanted: number;
  shares: number;
  /** The last that was known, or missing because nothing was held. */
  value: number;
  mark: number;
  /** Bars since the mark, and since the holding, was known. */
  markAge: number;
  sharesAge: number;
}

const NOTHING_HELD = {
  wanted: Number.NaN,
  shares: Number.NaN,
  value: Number.NaN,
  mark: Number.NaN,
  markAge: 0,
  sharesAge: FFILL_LIMIT,
};

interface BlockOfInstrument {
  readonly block: SizedBlock;
  /** Its column among `width` of the block's cells. */
  readonly j: number;
  readonly width: number;
  readonly days: {
    /** 1 at the first row of a day. */
    readonly isFirst: Uint8Array;
    readonly zeroesTrades: boolean;
  };
  /** What is written. */
  readonly made: BarBuffers;
}

function walkBlock(walk: InstrumentWalk, {block, j, width, days, made}: BlockOfInstrument): void {
  const {from, to, cells} = block;
  const {isFirst, zeroesTrades} = days;
  const {price, digits} = walk;
  const {value: worths, traded: volumes, pnl: pnls} = made;
  const isRounded = digits < NO_ROUNDING;
  let {wanted, shares, value, mark, markAge, sharesAge} = walk;
  let hadMark = from === 0 || !Number.isNaN(mark);
  for (let t = from, at = j; t < to; ++t, at += width) {
    const quote = price[t] as number;
    if (Number.isNaN(quote)) {
      markAge += 1;
      mark = markAge > FFILL_LIMIT ? Number.NaN : mark;
    } else {
      markAge = 0;
      mark = quote;
    }
    let now = wanted;
    if (Number.isNaN(now)) {
      sharesAge = isFirst[t] === 1 ? FFILL_LIMIT : sharesAge;
      now = sharesAge < FFILL_LIMIT ? shares : now;
      sharesAge += 1;
    } else {
      sharesAge = 0;
    }
    now = Number.isNaN(mark) && !Number.isNaN(shares) ? shares : now;
    let trade = Number.isNaN(now) ? 0 - shares : now - (Number.isNaN(shares) ? 0 : shares);
    trade = zeroesTrades && isFirst[t] === 1 && hadMark ? trade * 0 : trade;
    const worth = now * mark;
    const traded = trade * mark;
    const row = t - from;
    worths[row] = worth;
    volumes[row] = traded;
    const isUnknown = isValueUnknown(now, worth);
    pnls[row] = t === 0 || isUnknown ? Number.NaN : pnlOfChange(value, worth, traded);
    shares = now;
    value = isUnknown ? value : worth;
    hadMark = !Number.isNaN(mark);
    const exact = (cells[at] as number) / Math.abs(quote);
    wanted = isRounded ? roundHalfEven(exact, digits) : exact;
  }
  walk.wanted = wanted;
  walk.shares = shares;
  walk.value = value;
  walk.mark = mark;
  walk.markAge = markAge;
  walk.sharesAge = sharesAge;
}
