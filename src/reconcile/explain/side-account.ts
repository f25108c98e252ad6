import {unpricedBars} from "../../finance/pnl/unpriced-bars.js";
import {countUpTo, type Frame} from "../../table/frame.js";
import {type EpochMs, formatMinute} from "../../time/epoch.js";
import {formatCount} from "../../words.js";
import {type AccountStreams, accountStreams} from "../record/account-streams.js";
import type {NotCompared} from "../record/not-compared.js";
import type {RecordedSide} from "../record/recorded-side.js";

/** What the PnL of a side is made of. */
export interface Account extends AccountStreams {
  /** Those that all four streams tell of. */
  readonly bars: Float64Array;
  /** Instruments of which all four tell, or none more than that nothing is held. */
  readonly told: readonly string[];
  /** The others, with the streams that do not name them. */
  readonly untold: ReadonlyMap<string, readonly string[]>;
  /** The last bar at which what is held has a value, of instruments that have none at the end. */
  readonly lastKnown: ReadonlyMap<string, EpochMs>;
}

/** Undefined where one of the four streams was not recorded. */
export function accountOf(side: RecordedSide): Account | undefined {
  const streams = accountStreams(side);
  if (streams === undefined) {
    return undefined;
  }
  const {held, value, shares, traded} = streams;
  const frames = {
    holdings_shares: held,
    holdings_notional: value,
    executed_trades_shares: shares,
    executed_trades_notional: traded,
  };
  const ids = new Set(Object.values(frames).flatMap(({columns}) => columns));
  const untold = new Map<string, readonly string[]>();
  for (const id of ids) {
    const lacking = Object.entries(frames).filter(([, {columns}]) => !columns.includes(id));
    if (lacking.length > 0 && Object.values(frames).some((frame) => tellsOf(frame, id))) {
      untold.set(
        id,
        lacking.map(([name]) => name),
      );
    }
  }
  const known = [value, shares, traded].map(({index}) => new Set(index));
  const open = unpricedBars({holdings_shares: held, holdings_notional: value}).filter(
    ({isOpen}) => isOpen,
  );
  return {
    ...streams,
    bars: held.index.filter((bar) => known.every((own) => own.has(bar))),
    told: [...ids].filter((id) => !untold.has(id)),
    untold,
    lastKnown: new Map(open.map(({asset}) => [asset, lastKnownOf(streams, asset)])),
  };
}

/** True where a frame has a number of an instrument that is not 0. */
function tellsOf({columns, data}: Frame, id: string): boolean {
  return data[columns.indexOf(id)]?.some((x) => x !== 0 && !Number.isNaN(x)) ?? false;
}

function lastKnownOf({value}: AccountStreams, id: string): EpochMs {
  const column = value.data[value.columns.indexOf(id)] as Float64Array;
  const known = value.index.filter((_, t) => !Number.isNaN(column[t]));
  return known.at(-1) ?? Number.NEGATIVE_INFINITY;
}

/**
 * Bars of a run, once its account began, over which it is not known what it traded: other streams
 * tell of them but the account does not; or the other run has them, this one has no record of them,
 * and its holdings changed by more than the trades behind them.
 */
export function lostBars(side: RecordedSide, account: Account, other: RecordedSide): LostBars {
  const known = new Set(account.bars);
  const own = new Set(side.bars);
  const first = account.bars[0] ?? Number.NaN;
  const isMissing = (bar: EpochMs): boolean => bar > first && !known.has(bar);
  return {
    told: side.bars.filter(isMissing),
    erased: other.bars.filter(
      (bar) => isMissing(bar) && !own.has(bar) && hasLostTrades(account, bar),
    ),
  };
}

/** Of each run's bars that its account lacks. */
export interface LostBars {
  /** Of which other streams tell. */
  readonly told: Float64Array;
  /** Of which nothing is left. */
  readonly erased: Float64Array;
}

/** Shares of which no more than this part changed unseen. */
const SHARES_SLACK = 1e-9;

/** True where holdings changed between the bars around one by more than the later one's trades. */
function hasLostTrades({bars, held, shares}: Account, bar: EpochMs): boolean {
  const at = countUpTo(bars, bar);
  const [before, after] = [bars[at - 1], bars[at]];
  if (before === undefined || after === undefined) {
    return false;
  }
  const [from, to, traded] = [
    held.index.indexOf(before),
    held.index.indexOf(after),
    shares.index.indexOf(after),
  ];
  return held.columns.some((id, j) => {
    const column = held.data[j] as Float64Array;
    const trades = shares.data[shares.columns.indexOf(id)];
    const [a, b, x] = [column[from] || 0, column[to] || 0, trades?.[traded] || 0];
    return Math.abs(b - a - x) > SHARES_SLACK * Math.max(1, Math.abs(a), Math.abs(b));
  });
}

/** What of a side's PnL is not known by instrument, and why. */
export function unknownPnl(side: RecordedSide, other: RecordedSide): NotCompared[] {
  const account = accountOf(side);
  if (account === undefined) {
    return [];
  }
  const {name} = side;
  const {told, erased} = lostBars(side, account, other);
  const of = (bars: Float64Array, why: (them: string) => string): NotCompared[] =>
    bars.length === 0
      ? []
      : [
          {
            what: `PnL of ${formatCount(bars.length, "bar")}`,
            side: name,
            why: why(bars.length === 1 ? "it" : "them"),
          },
        ];
  return [
    ...of(told, (them) => `${name} recorded other things of ${them}, but not its account`),
    ...of(erased, (them) => `${name} has no record of ${them}, though its holdings changed`),
    ...Array.from(account.untold, ([id, streams]) => ({
      what: `PnL of ${id}`,
      side: name,
      why: `other streams of ${name} tell of it, but not ${streams.join(" nor ")}`,
    })),
    ...Array.from(account.lastKnown, ([id, bar]) => ({
      what: Number.isFinite(bar) ? `PnL of ${id} after ${formatMinute(bar)} UTC` : `PnL of ${id}`,
      side: name,
      why: `${name} held it to the end and recorded no value of it`,
    })),
  ];
}
