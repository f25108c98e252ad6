import {FFILL_LIMIT} from "../../finance/research/forecast-holdings.js";
import type {UnpricedBars} from "../../finance/research/unpriced-bars.js";
import {formatMinute} from "../../time/epoch.js";
import {formatCount, formatNumber} from "../number-text.js";
import {type Sentence, verdictBox} from "../sentence.js";

/** The bars of an asset whose PnL is unknown, and where it falls, in one sentence. */
export function unpricedText(unpriced: UnpricedBars): string {
  const {asset, bars, gaps, from, to} = unpriced;
  const where = gaps === 1 ? "" : ` in ${formatNumber(gaps)} gaps`;
  const when =
    bars === 1
      ? `, ${formatMinute(from)} UTC`
      : ` from ${formatMinute(from)} to ${formatMinute(to)} UTC`;
  return (
    `${asset}: no price, nor one up to ${FFILL_LIMIT} bars old, at ${formatCount(bars, "bar")}` +
    `${where}${when}; its PnL of ${whereItFalls(unpriced)}.`
  );
}

function whereItFalls({bars, gaps, isOpen}: UnpricedBars): string {
  const falls = "falls on the bar where the price is back";
  if (gaps > 1) {
    const last = isOpen ? ", and of the last, which does not end, is not known" : "";
    return `each gap ${falls}${last}`;
  }
  const which = bars === 1 ? "this bar" : "these bars";
  return `${which} ${isOpen ? "is not known, since no price came back" : falls}`;
}

/** {@link unpricedText} of each asset, most bars first; undefined where all are priced. */
export function unpricedView(unpriced: readonly UnpricedBars[], shown = 10): Sentence | undefined {
  if (unpriced.length === 0) {
    return undefined;
  }
  const sorted = [...unpriced].sort((a, b) => b.bars - a.bars);
  const rest = sorted.slice(shown);
  const barsOf = (some: readonly UnpricedBars[]): string =>
    formatCount(
      some.reduce((sum, {bars}) => sum + bars, 0),
      "bar",
    );
  const more = `The same of ${formatCount(rest.length, "more asset")}, at ${barsOf(rest)}.`;
  return verdictBox(
    "differs",
    `${barsOf(unpriced)} of ${formatCount(unpriced.length, "asset")} without a known PnL.`,
    [
      ...sorted.slice(0, shown).map(unpricedText),
      ...(rest.length > 0 ? [more] : []),
      "What is held there counts in no GMV.",
    ].join("\n"),
  );
}
