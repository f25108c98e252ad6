import type {PortfolioState} from "../portfolio.js";
import {type BarNote, ConditionWatch} from "./bar-notes.js";
import type {UsableForecasts} from "./forecasts.js";
import type {LimitEffect} from "./targets.js";

/** Why a name was left as it is in a bar that traded. */
export interface UntradedName {
  readonly instrument: string;
  /** `no-price`: no mark above 0; `stale`: no recent bar; `outside-session`: closed market. */
  readonly reason: "no-price" | "stale" | "outside-session";
}

/** How a bar that traded came about, of each name by its number. */
export interface NameFacts {
  readonly isLiquidating: boolean;
  readonly usable: Pick<UsableForecasts, "missing" | "refused">;
  readonly untraded: readonly (UntradedName | undefined)[];
  readonly holdingsShares: Float64Array;
  /** Of each trade that was wanted, what the exchange's limits made of it. */
  readonly limited: ReadonlyMap<number, LimitEffect>;
  /** Held, but less than a lot. */
  readonly dust: readonly number[];
}

/**
 * What is to be said of names: one true note when something begins and one when it ends.
 *
 * Where one condition hides another (a name that is kept needs no forecast), the hidden one is
 * neither begun nor ended.
 */
export class NameNotes {
  readonly #ids: readonly string[];
  readonly #watches = makeWatches();
  #unpriced: ReadonlySet<string> = new Set();

  constructor(instrumentIds: readonly string[]) {
    this.#ids = instrumentIds;
  }

  /** Of every bar, traded or not: what is held and has no price. */
  ofMarks({price, holdingsShares, holdingsNotional}: PortfolioState): BarNote[] {
    const held = this.#ids.filter(
      (_, i) => holdingsShares[i] !== 0 && !Number.isFinite(price[i] as number),
    );
    this.#unpriced = new Set(held);
    const isValued = (id: string) =>
      held.length > 0 && !Number.isNaN(holdingsNotional[this.#ids.indexOf(id)]);
    const {valued, unvalued} = this.#watches;
    return [
      ...valued.update(held.filter(isValued)),
      ...unvalued.update(held.filter((id) => !isValued(id))),
    ];
  }

  /** Of a bar that traded; after {@link ofMarks}. */
  ofTrading(facts: NameFacts): BarNote[] {
    const {isLiquidating, usable, untraded} = facts;
    const watches = this.#watches;
    const leftFor = (reason: UntradedName["reason"]): string[] =>
      untraded.flatMap((one) => (one?.reason === reason ? [one.instrument] : []));
    const kept = new Set(untraded.flatMap((one) => (one === undefined ? [] : [one.instrument])));
    const forecasts = [
      ...watches.missing.update(this.#named(usable.missing), (id) => isLiquidating || kept.has(id)),
      ...watches.refused.update(this.#named(usable.refused), () => isLiquidating),
    ];
    return [
      ...forecasts,
      ...watches["no-price"].update(leftFor("no-price"), (id) => this.#unpriced.has(id)),
      ...watches.stale.update(leftFor("stale")),
      ...watches["outside-session"].update(leftFor("outside-session")),
      ...watches.unliquidated.update(isLiquidating ? this.#heldOf(leftFor("no-price"), facts) : []),
      ...watches.dust.update(this.#named(facts.dust)),
      ...this.#ofLimits(facts),
    ];
  }

  #ofLimits({isLiquidating, limited}: NameFacts): BarNote[] {
    const {small, residue, cut, raised} = this.#watches;
    const wanted = new Set(this.#named([...limited.keys()]));
    const isQuiet = (id: string): boolean => !wanted.has(id);
    const names = (effect: LimitEffect): string[] =>
      this.#named([...limited.keys()].filter((i) => limited.get(i) === effect));
    const tooSmall = names("too-small");
    return [
      ...small.update(isLiquidating ? [] : tooSmall, isQuiet),
      ...residue.update(isLiquidating ? tooSmall : [], isQuiet),
      ...cut.update(names("cut"), isQuiet),
      ...raised.update(names("raised"), isQuiet),
    ];
  }

  #named(numbers: readonly number[]): string[] {
    return numbers.map((i) => this.#ids[i] as string);
  }

  #heldOf(ids: readonly string[], {holdingsShares}: NameFacts): string[] {
    return ids.filter((id) => holdingsShares[this.#ids.indexOf(id)] !== 0);
  }
}

const UNPRICED_ENDS = "no longer held without a price";

function makeWatches() {
  const watch = (begins: string, ends?: string): ConditionWatch =>
    new ConditionWatch(ends === undefined ? {begins} : {begins, ends});
  return {
    valued: watch("held but has no price: kept, and valued at its last known one", UNPRICED_ENDS),
    unvalued: watch(
      "held but has no price: kept, and its value and PnL are unknown until it has one",
      UNPRICED_ENDS,
    ),
    missing: watch("no forecast: not ranked, target 0", "forecast again"),
    refused: watch(
      "volatility or spread negative or infinite: taken as missing",
      "volatility and spread usable again",
    ),
    "no-price": watch("no price above 0: its holding is kept", "priced again"),
    stale: watch("data is stale: its holding is kept", "data is fresh again"),
    "outside-session": watch(
      "outside its trading session: its holding is kept",
      "inside its trading session again",
    ),
    unliquidated: watch("not liquidated: it has no price above 0"),
    dust: watch("less than a lot is held: it is kept", "no longer less than a lot held"),
    small: watch("below the exchange's minimum: not traded"),
    residue: watch("not liquidated: the rest is below the exchange's minimum"),
    cut: watch("cut to the exchange's maximum"),
    raised: watch("raised above the exchange's minimum, because its stage is local"),
  };
}
