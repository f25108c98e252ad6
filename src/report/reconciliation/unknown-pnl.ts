import type {RecordedResearch} from "../../backtest/recorded-research.js";
import {unpricedBars} from "../../finance/pnl/unpriced-bars.js";
import type {RunPortfolio} from "../../runlog/reading/run-folder.js";
import {NO_PRICE, NO_VALUE, unpricedTexts} from "../forecasts/unpriced-view.js";
import {formatCount} from "../number-text.js";
import {note, type Sentence, verdictBox} from "../sentence.js";

/** A run as far as its account goes. */
interface WithPortfolio {
  readonly portfolio: RunPortfolio;
}

/** Where the PnL of one of the three portfolios is not known, and why; or that it is everywhere. */
export function unknownPnlView({
  prod,
  sim,
  research,
}: {
  readonly prod: WithPortfolio;
  readonly sim: WithPortfolio;
  readonly research: RecordedResearch;
}): Sentence {
  const account = ({portfolio}: WithPortfolio): string[] =>
    unpricedTexts(unpricedBars(portfolio), NO_VALUE);
  const texts = [
    ...account(prod).map((text) => `prod: ${text}`),
    ...account(sim).map((text) => `sim: ${text}`),
    ...researchTexts(research).map((text) => `research: ${text}`),
  ];
  return texts.length === 0
    ? note("Each holding of each portfolio had a value at every bar.")
    : verdictBox("differs", "Not all PnL is known.", texts.join("\n"));
}

/** What a research portfolio lacks, one sentence each; nothing where it is whole. */
export function researchTexts({portfolio, lost, fault}: RecordedResearch): string[] {
  const [first] = lost;
  return [
    ...(first === undefined
      ? []
      : [
          `what the model said cannot be read at ${formatCount(lost.length, "bar")}, at which ` +
            `nothing is forecast: ${first.why}.`,
        ]),
    ...(fault === "" ? [] : [`there is none: ${fault}.`]),
    ...(portfolio === undefined ? [] : unpricedTexts(unpricedBars(portfolio), NO_PRICE)),
  ];
}
