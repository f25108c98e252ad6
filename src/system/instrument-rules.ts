import type {SystemConfig} from "../config/system-config.js";
import {ReckonError} from "../errors.js";
import {positionValue} from "../finance/holdings-value.js";
import {NO_ROUNDING, roundHalfEven} from "../finance/round-half-even.js";
import {roundToLot} from "../finance/round-to-lot.js";
import {targetSizer} from "../finance/target-sizer.js";
import {decimalsOf, type Instrument} from "../market/instruments/instrument.js";
import type {SizingRules} from "../trading/targets.js";
import {targetParams} from "./target-params.js";

/** How the instruments of a system are valued and rounded, by id. */
export interface InstrumentRules {
  readonly value: (instrumentId: string, shares: number, price: number) => number;
  readonly roundShares: (instrumentId: string, shares: number) => number;
  readonly shareDecimals: ReadonlyMap<string, number>;
}

/**
 * The rules that follow from the instruments and the config's `share_quantization`.
 *
 * @throws ReckonError `misuse` for an inverse contract: its value falls as it is bought, so sizing
 *   by value would turn every position round
 */
export function instrumentRules(
  instruments: readonly Instrument[],
  config: SystemConfig,
): InstrumentRules {
  const inverse = instruments.filter(({kind}) => kind === "inverse").map(({id}) => id);
  if (inverse.length > 0) {
    throw new ReckonError("misuse", {
      place: "instruments",
      expected: "spot and linear contracts: inverse ones can be valued, but not yet traded",
      found: inverse.join(", "),
    });
  }
  const byId = new Map(instruments.map((instrument) => [instrument.id, instrument]));
  const {share_quantization: quantization} =
    config.process_forecasts_node_dict.process_forecasts_dict;
  const decimals = new Map(
    instruments.map(({id, lotSize}) => [
      id,
      quantization === "lot" ? decimalsOf(lotSize) : (quantization ?? NO_ROUNDING),
    ]),
  );
  const roundShares = (id: string, shares: number): number =>
    quantization === "lot"
      ? roundToLot(shares, (byId.get(id) as Instrument).lotSize)
      : roundHalfEven(shares, decimals.get(id) ?? NO_ROUNDING);
  return {
    value: (id, shares, price) => positionValue(shares, price, byId.get(id)),
    roundShares,
    shareDecimals: decimals,
  };
}

/** The same rules by instrument number, with the sizing of the config. */
export function sizingRules(
  instruments: readonly Instrument[],
  rules: InstrumentRules,
  config: SystemConfig,
): SizingRules {
  const at = (i: number): Instrument => instruments[i] as Instrument;
  return {
    sizer: targetSizer(instruments.length, targetParams(config)),
    value: (i, shares, price) => rules.value(at(i).id, shares, price),
    sharesOf: (i, notional, price) => notional / (at(i).multiplier * price),
    roundShares: (i, shares) => rules.roundShares(at(i).id, shares),
    minNotional: (i) => at(i).minNotional,
  };
}

/**
 * The instruments of these ids, in this order.
 *
 * @throws ReckonError `bad-data` naming those that are not there
 */
export function pickInstruments(
  instruments: readonly Instrument[],
  ids: readonly string[],
): Instrument[] {
  const byId = new Map(instruments.map((instrument) => [instrument.id, instrument]));
  const missing = ids.filter((id) => !byId.has(id));
  if (missing.length > 0) {
    throw new ReckonError("bad-data", {
      place: "instruments",
      expected: `one of ${[...byId.keys()].join(", ")}`,
      found: missing.join(", "),
    });
  }
  return ids.map((id) => byId.get(id) as Instrument);
}
