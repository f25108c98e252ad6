import {type UnpricedBars, unpricedBars} from "../../finance/pnl/unpriced-bars.js";
import {type Frame, selectColumns, selectRows, zipCells} from "../../table/frame.js";
import {type Lack, NO_PRICE, NO_VALUE, unpricedTexts} from "../forecasts/unpriced-view.js";
import {note, type Sentence, verdictBox} from "../sentence.js";
import type {ObservedRun} from "./observed-run.js";

/** Of an account that goes on with the last price known. */
const NO_NEW_PRICE: Lack = {
  what: "held while the model had no price, valued at the last one,",
  thing: "price",
};

type HoldingRun = Pick<ObservedRun, "portfolio" | "prices" | "researchHoldings">;

/**
 * Where something was held that had no price, one sentence for each instrument: in the account
 * without any value or at an old price, in the research portfolio beyond what it carries over.
 */
export function unpricedHoldings(run: HoldingRun): string[] {
  const {portfolio, researchHoldings: research} = run;
  return [
    ...unpricedTexts(unpricedBars(portfolio), NO_VALUE).map((text) => `prod: ${text}`),
    ...unpricedTexts(markedAtOldPrices(run), NO_NEW_PRICE).map((text) => `prod: ${text}`),
    ...(research === undefined
      ? []
      : unpricedTexts(unpricedBars(research), NO_PRICE).map((text) => `research: ${text}`)),
  ];
}

/** {@link unpricedHoldings} for a page; or that all that was held had a price. */
export function unpricedHoldingsView(run: HoldingRun): Sentence {
  const texts = unpricedHoldings(run);
  return texts.length === 0
    ? note("All that was held had a price at every bar.")
    : verdictBox("differs", "Not all that was held had a price.", texts.join("\n"));
}

/** Bars at which a holding had a value and no price: the value is of an earlier one. */
function markedAtOldPrices({portfolio, prices}: HoldingRun): UnpricedBars[] {
  if (prices === undefined) {
    return [];
  }
  const {holdings_shares: held, holdings_notional: worth} = portfolio;
  const bars = new Set(prices.index);
  const index = held.index.filter((time) => bars.has(time));
  const ids = held.columns.filter((id) => [prices, worth].every((f) => f.columns.includes(id)));
  const onShared = (frame: Frame): Frame => selectColumns(selectRows(frame, index), ids);
  const isPriced = zipCells(onShared(worth), onShared(prices), (value, price) =>
    Number.isNaN(value) ? 0 : price,
  );
  return unpricedBars({holdings_shares: onShared(held), holdings_notional: isPriced});
}
