import {messageOf} from "../../errors.js";
import {sum} from "../../stats/distribution/moments.js";
import {columnOf, type Frame} from "../../table/frame.js";
import {capitalise} from "../../words.js";
import {formatMoney, formatNumber, formatPercent} from "../number-text.js";
import type {RecordedRun} from "../recorded-run.js";
import {joinSentences, kpiRow, note, type Sentence, tableOfTexts} from "../sentence.js";
import {lastKnownRow} from "./last-known.js";

/** What a broker or a store says of an account now. */
export interface AccountState {
  /** In settlement currency; NaN where it is not told. */
  readonly cash: number;
  /** Signed shares by instrument; what is not held may be left out. */
  readonly shares: ReadonlyMap<string, number>;
  /** What else has to be said, for example the trade date; empty for nothing. */
  readonly remark?: string;
}

/** Who can be asked what an account holds: a broker, or the SQL store. */
export interface AccountSource {
  /** As a page calls it: `the SQL store`, `the broker binance`. */
  readonly name: string;
  read(): Promise<AccountState>;
}

/** One instrument of an account; money in settlement currency, NaN where not known. */
export interface AccountPosition {
  readonly id: string;
  /** NaN where the source does not tell. */
  readonly shares: number;
  /** At the run's last known value of a share. */
  readonly value: number;
  /** Before fees, since the start of the run. */
  readonly pnl: number;
  /** Shares by the run folder at its last bar. */
  readonly recordedShares: number;
}

/** Open positions and balance, and who says so. */
export interface ObservedAccount {
  readonly source: string;
  /** Said beside the source; empty for nothing. */
  readonly remark: string;
  readonly cash: number;
  /** Cash plus the value of all positions. */
  readonly netWealth: number;
  /** Largest value first. */
  readonly positions: readonly AccountPosition[];
  /** True where the run folder itself is the source. */
  readonly isRunFolder: boolean;
}

const RUN_FOLDER = "the run folder";

/**
 * Open positions and balance from the source, else from the run's last bar; which of the two, and
 * why a source could not be asked, is part of the answer.
 */
export async function observeAccount(
  run: Pick<RecordedRun, "portfolio" | "targets">,
  source?: AccountSource,
): Promise<ObservedAccount> {
  if (source === undefined) {
    return recordedAccount(run);
  }
  try {
    const {cash, shares, remark = ""} = await source.read();
    const positions = positionsOf(run, shares);
    const netWealth = positions.reduce((sum, {value}) => sum + value, cash);
    return {source: source.name, remark, cash, netWealth, positions, isRunFolder: false};
  } catch (error) {
    const remark = `${source.name} could not be asked: ${messageOf(error)}`;
    return {...recordedAccount(run), remark};
  }
}

/** Balance and positions for a page, largest first. */
export function accountView(account: ObservedAccount): Sentence {
  const {source, remark, cash, netWealth, positions, isRunFolder} = account;
  const held = positions.filter(({shares, recordedShares}) => shares !== 0 || recordedShares !== 0);
  const gmv = held.reduce((sum, {value}) => sum + Math.abs(value), 0);
  const nmv = held.reduce((sum, {value}) => sum + value, 0);
  const origin = `Positions and balance from ${source}${isRunFolder ? ", at its last bar" : ""}.`;
  const heading = note(remark === "" ? origin : `${origin} ${capitalise(remark)}.`);
  const kpis = kpiRow([
    {label: "Net wealth", value: formatMoney(netWealth), note: "cash and positions"},
    {label: "Cash", value: formatMoney(cash)},
    {label: "Gross market value", value: formatMoney(gmv), note: positionsText(held)},
    {label: "Net market value", value: formatMoney(nmv), note: "long less short"},
  ]);
  return held.length === 0
    ? joinSentences(heading, kpis, note("No position is open."))
    : joinSentences(heading, kpis, positionsTable(held, gmv, isRunFolder));
}

/** The account as plain JSON; what is not known is null. */
export function accountSummary({source, remark, cash, netWealth, positions}: ObservedAccount) {
  const known = (x: number): number | null => (Number.isFinite(x) ? x : null);
  const open = positions.filter(({shares}) => shares !== 0);
  return {
    source,
    remark,
    cash: known(cash),
    netWealth: known(netWealth),
    positions: open.map(({id, shares, value}) => ({
      id,
      shares: known(shares),
      value: known(value),
    })),
  };
}

function positionsTable(
  positions: readonly AccountPosition[],
  gmv: number,
  isRunFolder: boolean,
): Sentence {
  const recorded = isRunFolder ? [] : ["By the run folder"];
  const heads = ["Instrument", "Side", "Shares", ...recorded, "Value", "of GMV", "PnL, gross"];
  const rows = positions.map(({id, shares, value, pnl, recordedShares}) => [
    id,
    Number.isNaN(shares) ? "not known" : shares > 0 ? "long" : shares < 0 ? "short" : "flat",
    sharesText(shares),
    ...(isRunFolder ? [] : [sharesText(recordedShares)]),
    formatMoney(value, 2),
    formatPercent((100 * Math.abs(value)) / gmv),
    formatMoney(pnl, 2),
  ]);
  return tableOfTexts([heads, ...rows], 2);
}

function positionsText(held: readonly AccountPosition[]): string {
  const long = held.filter(({shares}) => shares > 0).length;
  return `${long} long, ${held.filter(({shares}) => shares < 0).length} short`;
}

/** Six significant digits, no zeros behind them. */
function sharesText(shares: number): string {
  const [, fraction = ""] = String(Number(Math.abs(shares).toPrecision(6))).split(".");
  return formatNumber(shares, fraction.includes("e") ? 10 : fraction.length);
}

function recordedAccount(run: Pick<RecordedRun, "portfolio" | "targets">): ObservedAccount {
  const {holdings_shares: held, statistics} = run.portfolio;
  const last = (name: string): number =>
    statistics.columns.includes(name)
      ? (columnOf(statistics, name).at(-1) ?? Number.NaN)
      : Number.NaN;
  const shares = held.columns.map((id, j): [string, number] => [id, held.data[j]?.at(-1) ?? 0]);
  return {
    source: RUN_FOLDER,
    remark: "",
    cash: last("cash"),
    netWealth: last("net_wealth"),
    positions: positionsOf(run, new Map(shares)),
    isRunFolder: true,
  };
}

function positionsOf(
  {portfolio, targets}: Pick<RecordedRun, "portfolio" | "targets">,
  shares: ReadonlyMap<string, number>,
): AccountPosition[] {
  const {holdings_shares: held, pnl} = portfolio;
  const ids = [...new Set([...shares.keys(), ...held.columns])];
  const positions = ids.map((id): AccountPosition => {
    const count = shares.get(id) ?? 0;
    return {
      id,
      shares: count,
      value: count === 0 ? 0 : count * shareValue(id, portfolio, targets.price),
      pnl: sum(seriesOf(pnl, id)),
      recordedShares: seriesOf(held, id).at(-1) ?? 0,
    };
  });
  const size = ({value}: AccountPosition): number => Math.abs(value) || 0;
  return positions.sort((a, b) => size(b) - size(a));
}

/** What a share was worth when it was last held, which knows the contract; else its last price. */
function shareValue(
  id: string,
  {holdings_shares, holdings_notional}: RecordedRun["portfolio"],
  price: Frame | undefined,
): number {
  const value = seriesOf(holdings_notional, id);
  const worth = seriesOf(holdings_shares, id).map((shares, t) => (value[t] as number) / shares);
  const prices = price === undefined ? new Float64Array() : seriesOf(price, id);
  return worth[lastKnownRow(worth)] ?? prices[lastKnownRow(prices)] ?? Number.NaN;
}

function seriesOf(frame: Frame, id: string): Float64Array {
  return frame.columns.includes(id) ? columnOf(frame, id) : new Float64Array();
}
