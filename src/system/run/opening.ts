import type {Restriction} from "../../config/system-config.js";
import {ReckonError} from "../../errors.js";
import {
  type OpeningSource,
  type OpeningState,
  readOpeningState,
} from "../../runlog/opening-state.js";
import {RunFolder} from "../../runlog/reading/run-folder.js";
import type {Holdings} from "../../trading/initial-holdings.js";
import type {SizingRules} from "../../trading/targets/targets.js";

/** Which recorded run's opening state a run is to begin with. */
export interface OpeningRequest {
  /** A run folder; one that records no opening state is refused. */
  readonly openingFrom?: string;
  /** Its opening state is taken where `openingFrom` is left out; one without any is passed over. */
  readonly replayFillsFrom?: string;
}

/** What a run begins with, and where that came from. */
export interface Opening extends Holdings {
  readonly source: OpeningSource;
}

/**
 * The opening state that a run is asked to begin with; undefined where its config decides.
 *
 * @throws ReckonError `bad-data` when the folder holds no run or no opening state
 */
export function requestedOpening({
  openingFrom,
  replayFillsFrom,
}: OpeningRequest): OpeningState | undefined {
  if (openingFrom === undefined) {
    return replayFillsFrom === undefined ? undefined : readOpeningState(replayFillsFrom);
  }
  const {dir} = new RunFolder(openingFrom);
  const opening = readOpeningState(dir);
  if (opening === undefined) {
    throw new ReckonError("bad-data", {
      place: dir,
      expected: "a run that recorded what it began with (opening_holdings.json)",
      found: "no such file",
      fix: "record the run again with this version, or begin with portfolio_config.initial_cash",
    });
  }
  return opening;
}

/**
 * Sizing that keeps further restrictions too: what either list forbids is forbidden. Those of
 * instruments that are not in the run are passed over.
 *
 * @param ids the instruments in the order of the rules
 */
export function withRestrictions(
  rules: SizingRules,
  ids: readonly string[],
  further: readonly Restriction[],
): SizingRules {
  const byId = new Map(further.map((one) => [one.asset_id, one]));
  const restrictions = ids.map((id, i) => either(rules.restrictions?.[i], byId.get(id)));
  return {...rules, restrictions};
}

function either(a: Restriction | undefined, b: Restriction | undefined): Restriction | undefined {
  if (a === undefined || b === undefined) {
    return a ?? b;
  }
  return {
    asset_id: a.asset_id,
    is_restricted: a.is_restricted || b.is_restricted,
    is_buy_restricted: a.is_buy_restricted || b.is_buy_restricted,
    is_buy_cover_restricted: a.is_buy_cover_restricted || b.is_buy_cover_restricted,
    is_sell_short_restricted: a.is_sell_short_restricted || b.is_sell_short_restricted,
    is_sell_long_restricted: a.is_sell_long_restricted || b.is_sell_long_restricted,
  };
}
