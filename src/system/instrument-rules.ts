import type {Restriction, SystemConfig} from "../config/system-config.js";
import {ReckonError} from "../errors.js";
import {positionValue} from "../finance/account/holdings-value.js";
import {NO_ROUNDING, roundHalfEven} from "../finance/sizing/round-half-even.js";
import {lotRounder, wholeLotRounder} from "../finance/sizing/round-to-lot.js";
import {decimalsOf, type Instrument} from "../market/instruments/instrument.js";
import type {ExchangeLimits} from "../trading/targets/exchange-limits.js";
import type {SizingRules} from "../trading/targets/targets.js";
import {optimizerOf} from "./target-params.js";

/** How the instruments of a system are valued and rounded, by id. */
export interface InstrumentRules {
  readonly value: (instrumentId: string, shares: number, price: number) => number;
  readonly roundShares: (instrumentId: string, shares: number) => number;
  /** Towards 0. */
  readonly wholeShares: (instrumentId: string, shares: number) => number;
  readonly shareDecimals: ReadonlyMap<string, number>;
}

/**
 * The rules that follow from the instruments and the config's `share_quantization`.
 *
 * @throws ReckonError `misuse` for instruments that are settled in different money
 */
export function instrumentRules(
  instruments: readonly Instrument[],
  config: SystemConfig,
): InstrumentRules {
  checkSettlement(instruments);
  const byId = new Map(instruments.map((instrument) => [instrument.id, instrument]));
  const {share_quantization: quantization} =
    config.process_forecasts_node_dict.process_forecasts_dict;
  const decimals = new Map(
    instruments.map(({id, lotSize}) => [
      id,
      quantization === "lot" ? decimalsOf(lotSize) : (quantization ?? NO_ROUNDING),
    ]),
  );
  const toWhole = new Map(
    instruments.map(({id, lotSize}) => [
      id,
      wholeLotRounder(quantization === "lot" ? lotSize : 10 ** -(decimals.get(id) ?? NO_ROUNDING)),
    ]),
  );
  const toLots = new Map(instruments.map(({id, lotSize}) => [id, lotRounder(lotSize)]));
  const roundShares = (id: string, shares: number): number =>
    quantization === "lot"
      ? (toLots.get(id) as (shares: number) => number)(shares)
      : roundHalfEven(shares, decimals.get(id) ?? NO_ROUNDING);
  return {
    value: (id, shares, price) => positionValue(shares, price, byId.get(id)),
    roundShares,
    wholeShares: (id, shares) =>
      decimals.get(id) === NO_ROUNDING ? shares : (toWhole.get(id)?.(shares) ?? shares),
    shareDecimals: decimals,
  };
}

/** Dollars and what is kept at a dollar: amounts of them are added up at par. */
const DOLLARS = ["USD", "USDT", "USDC", "FDUSD", "TUSD", "BUSD", "DAI"];

/** Cash, GMV and PnL are sums over instruments: amounts of different money make none. */
function checkSettlement(instruments: readonly Instrument[]): void {
  const moneyOf = ({settlementCurrency: currency}: Instrument): string =>
    DOLLARS.includes(currency) ? "dollars" : currency;
  const money = [...new Set(instruments.map(moneyOf))];
  if (money.length > 1) {
    const examples = money.map((one) => {
      const {id} = instruments.find((instrument) => moneyOf(instrument) === one) as Instrument;
      return `${id} in ${one}`;
    });
    throw new ReckonError("misuse", {
      place: "instruments",
      expected: "instruments that are settled in one currency (stable dollars count as dollars)",
      found: examples.join(", "),
      fix: "run those of each currency on their own",
    });
  }
}

/**
 * The same rules by instrument number, with the sizing of the config.
 *
 * @throws ReckonError `misuse` for restrictions of instruments that are not there, and for an
 *   optimizer that is not there yet
 */
export function sizingRules(
  instruments: readonly Instrument[],
  rules: InstrumentRules,
  config: SystemConfig,
): SizingRules {
  const at = (i: number): Instrument => instruments[i] as Instrument;
  const ids = instruments.map(({id}) => id);
  const {process_forecasts_dict} = config.process_forecasts_node_dict;
  const {apply_cc_limits} = process_forecasts_dict.optimizer_config;
  const {stage} = config.portfolio_config.broker_config;
  return {
    optimizer: optimizerOf(config, instruments.length),
    value: (i, shares, price) => rules.value(at(i).id, shares, price),
    sharesOf: (i, notional, price) => sharesExposedTo(at(i), notional, price),
    roundShares: (i, shares) => rules.roundShares(at(i).id, shares),
    wholeShares: (i, shares) => rules.wholeShares(at(i).id, shares),
    unitCost: (i, price) => at(i).multiplier * (at(i).kind === "inverse" ? 1 : price),
    minNotional: (i) => at(i).minNotional,
    restrictions: restrictionsOf(process_forecasts_dict.restrictions, ids),
    ...(apply_cc_limits === null || apply_cc_limits === false
      ? {}
      : {
          exchange: {
            stage,
            rounding: apply_cc_limits === true ? "round" : apply_cc_limits,
            limits: (i) => limitsOf(at(i)),
          },
        }),
  };
}

/**
 * Shares that are exposed to the price by `notional`, positive long: n / (m·p), and n·p / m of an
 * inverse contract, whose exposure is q·m/p while its value is −q·m/p.
 */
function sharesExposedTo({kind, multiplier}: Instrument, notional: number, price: number): number {
  return kind === "inverse" ? (notional * price) / multiplier : notional / (multiplier * price);
}

function limitsOf(instrument: Instrument): ExchangeLimits {
  const {id, minAmount, minNotional, maxAmount, maxNotional, lotSize} = instrument;
  return {
    id,
    minAmount,
    minCost: minNotional,
    maxAmount: maxAmount ?? Number.POSITIVE_INFINITY,
    maxCost: maxNotional ?? Number.POSITIVE_INFINITY,
    lotSize,
  };
}

/** By instrument number; an instrument that is not in the run, or named twice, is refused. */
function restrictionsOf(
  restrictions: readonly Restriction[],
  ids: readonly string[],
): (Restriction | undefined)[] {
  const byId = new Map(restrictions.map((one) => [one.asset_id, one]));
  const unknown = [...byId.keys()].filter((id) => !ids.includes(id));
  if (unknown.length > 0 || byId.size < restrictions.length) {
    throw new ReckonError("misuse", {
      place: "config process_forecasts_dict.restrictions",
      expected: `one entry at most for each of ${ids.join(", ")}`,
      found: restrictions.map((one) => one.asset_id).join(", "),
    });
  }
  return ids.map((id) => byId.get(id));
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
