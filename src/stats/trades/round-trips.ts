import {type EpochMs, HOUR_MS} from "../../time/epoch.js";

/** A trade; buys are positive amounts. */
export interface Transaction {
  readonly time: EpochMs;
  readonly symbol: string;
  readonly amount: number;
  readonly price: number;
}

/** A position from its opening trade to the trade that closed (a part of) it. */
export interface RoundTrip {
  readonly symbol: string;
  readonly open: EpochMs;
  readonly close: EpochMs;
  readonly isLong: boolean;
  /** Before fees, in the money of the prices. */
  readonly pnl: number;
  /** PnL / what was paid or received at the opening. */
  readonly returns: number;
}

/**
 * Trades of one side that follow each other within some hours as one, at their mean price weighted
 * by amount; pyfolio's `groupby_consecutive`. Its time is that of the first.
 *
 * @param transactions in time order; symbols may be mixed
 */
export function mergeConsecutive(
  transactions: readonly Transaction[],
  maxGapMs: number = 8 * HOUR_MS,
): Transaction[] {
  const merged: Transaction[] = [];
  const last = new Map<string, {at: number; time: EpochMs}>();
  for (const trade of transactions) {
    const before = last.get(trade.symbol);
    const group = before && (merged[before.at] as Transaction);
    const isSame =
      group !== undefined &&
      Math.sign(group.amount) === Math.sign(trade.amount) &&
      trade.time - before!.time <= maxGapMs;
    if (isSame) {
      const amount = group.amount + trade.amount;
      const price = (group.amount * group.price + trade.amount * trade.price) / amount;
      merged[before!.at] = {...group, amount, price};
    } else {
      merged.push(trade);
    }
    const at = isSame ? before!.at : merged.length - 1;
    last.set(trade.symbol, {at, time: trade.time});
  }
  return merged;
}

interface Lot {
  readonly time: EpochMs;
  readonly price: number;
  amount: number;
}

/**
 * The round trips of trades, oldest lot out first, one for each closing trade.
 *
 * A trade against the position closes the oldest lots; what is left of it opens the other side.
 * pyfolio's `extract_round_trips` of consecutive trades merged, with amounts that need not be
 * whole. Ordered by closing time; a position that is still open is not one.
 */
export function roundTrips(transactions: readonly Transaction[]): RoundTrip[] {
  const trips: RoundTrip[] = [];
  const books = new Map<string, Lot[]>();
  for (const {time, symbol, amount, price} of mergeConsecutive(transactions)) {
    const lots = books.get(symbol) ?? [];
    books.set(symbol, lots);
    let left = amount;
    let pnl = 0;
    let invested = 0;
    const open = lots[0];
    const isClosing = open !== undefined && Math.sign(open.amount) !== Math.sign(amount);
    const isLong = (open?.amount ?? 0) > 0;
    while (lots[0] !== undefined && Math.sign(lots[0].amount) === -Math.sign(left)) {
      const lot = lots[0];
      const closed = Math.sign(lot.amount) * Math.min(Math.abs(lot.amount), Math.abs(left));
      pnl += closed * (price - lot.price);
      invested += Math.abs(closed) * lot.price;
      lot.amount -= closed;
      left += closed;
      if (lot.amount === 0) {
        lots.shift();
      }
    }
    if (isClosing) {
      trips.push({symbol, open: open.time, close: time, isLong, pnl, returns: pnl / invested});
    }
    if (left !== 0) {
      lots.push({time, price, amount: left});
    }
  }
  return trips;
}
