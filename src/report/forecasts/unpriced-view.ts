import type {UnpricedBars} from "../../finance/pnl/unpriced-bars.js";
import {FFILL_LIMIT} from "../../finance/research/forecast-holdings.js";
import {formatMinute} from "../../time/epoch.js";
import {formatCount, formatNumber} from "../number-text.js";
import {type Sentence, verdictBox} from "../sentence.js";

/** What a portfolio had not at bars whose PnL is unknown. */
export interface Lack {
  readonly what: string;
  /** What is back where the PnL falls. */
  readonly thing: "price" | "value";
}

/** Of a research portfolio, which marks by the last prices. */
export const NO_PRICE: Lack = {
  what: `no price, nor one up to ${FFILL_LIMIT} bars old,`,
  thing: "price",
};

/** Of a recorded account. */
export const NO_VALUE: Lack = {what: "held without a recorded value", thing: "value"};

/** The bars of an asset whose PnL is unknown, and where it falls, in one sentence. */
export function unpricedText(unpriced: UnpricedBars, lack = NO_PRICE): string {
  const {asset, bars, gaps, from, to} = unpriced;
  const where = gaps === 1 ? "" : ` in ${formatNumber(gaps)} gaps`;
  const when =
    bars === 1
      ? `, ${formatMinute(from)} UTC`
      : ` from ${formatMinute(from)} to ${formatMinute(to)} UTC`;
  return (
    `${asset}: ${lack.what} at ${formatCount(bars, "bar")}${where}${when}; ` +
    `its PnL of ${whereItFalls(unpriced, lack)}.`
  );
}

function whereItFalls({bars, gaps, isFromStart, isOpen}: UnpricedBars, {thing}: Lack): string {
  const falls = `falls on the bar where the ${thing} is back`;
  if (gaps > 1) {
    const first = isFromStart && thing === "value" ? ", but of the first, is not known" : "";
    const last = isOpen ? ", and of the last, which does not end, is not known" : "";
    return `each gap ${falls}${first}${last}`;
  }
  const which = bars === 1 ? "this bar" : "these bars";
  if (isOpen) {
    return `${which} is not known, since no ${thing} came back`;
  }
  return isFromStart && thing === "value"
    ? `${which} is not known, since no value was known before`
    : `${which} ${falls}`;
}

/** {@link unpricedText} of each asset, most bars first; undefined where all are priced. */
export function unpricedView(unpriced: readonly UnpricedBars[]): Sentence | undefined {
  if (unpriced.length === 0) {
    return undefined;
  }
  return verdictBox(
    "differs",
    `${barsOf(unpriced)} of ${formatCount(unpriced.length, "asset")} without a known PnL.`,
    [...unpricedTexts(unpriced), "What is held there counts in no GMV."].join("\n"),
  );
}

/** {@link unpricedText} of the assets with most bars; of the others, how many there are. */
export function unpricedTexts(
  unpriced: readonly UnpricedBars[],
  lack = NO_PRICE,
  shown = 10,
): string[] {
  const sorted = [...unpriced].sort((a, b) => b.bars - a.bars);
  const rest = sorted.slice(shown);
  const more = `The same of ${formatCount(rest.length, "more asset")}, at ${barsOf(rest)}.`;
  return [
    ...sorted.slice(0, shown).map((one) => unpricedText(one, lack)),
    ...(rest.length > 0 ? [more] : []),
  ];
}

function barsOf(some: readonly UnpricedBars[]): string {
  return formatCount(
    some.reduce((sum, {bars}) => sum + bars, 0),
    "bar",
  );
}
