import {PLAIN_TERMS, positionValue} from "../../finance/account/holdings-value.js";
import {type EpochMs, formatMinute} from "../../time/epoch.js";
import {fillFrames} from "../layers/order-layer.js";
import type {RecordedSide} from "../record/recorded-side.js";
import {valueAt, wordOf} from "./scene.js";

/** Sums of the same trades, made twice, agree to this part. */
const SUM_NOISE = 1e-6;

/** The trade of an instrument in a bar. */
export interface TradePlace {
  readonly barEnd: EpochMs;
  readonly instrument: string;
}

/**
 * That the fills of a run add up to other shares, money or fees than its account booked of them, in
 * words that follow the run's name; undefined where they agree, or one of the two is not recorded.
 */
export function contradiction(side: RecordedSide, place: TradePlace): string | undefined {
  const fills = fillFrames(side);
  const {executed_trades_shares, executed_trades_notional, statistics} = side.portfolio;
  if (fills === undefined) {
    return undefined;
  }
  const {barEnd, instrument} = place;
  const at = (frame: Parameters<typeof valueAt>[0]): number => valueAt(frame, barEnd, instrument);
  const terms = side.instruments.find(({id}) => id === instrument) ?? PLAIN_TERMS;
  const [shares, price] = [at(fills.fill_shares), at(fills.fill_price)];
  const row = fills.fill_fee.index.indexOf(barEnd);
  const fees = fills.fill_fee.data.reduce((sum, column) => sum + (column[row] || 0), 0);
  const pairs: readonly (readonly [what: string, filled: number, booked: number])[] = [
    ["shares", shares, at(executed_trades_shares)],
    ["in money", positionValue(shares, price, terms), at(executed_trades_notional)],
    ["in fees of all instruments", fees, valueAt(statistics, barEnd, "fees")],
  ];
  const found = pairs.find(
    ([, filled, booked]) =>
      Math.abs(filled - booked) > SUM_NOISE * Math.max(Math.abs(filled), Math.abs(booked)),
  );
  if (found === undefined) {
    return undefined;
  }
  const [what, filled, booked] = found;
  return (
    `fills of ${instrument} at ${formatMinute(barEnd)} UTC come to ${wordOf(filled)} ${what}, ` +
    `of which its account booked ${wordOf(booked)}.`
  );
}
