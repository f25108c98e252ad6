import type {SeededRandom} from "../../stats/distribution/seeded-random.js";
import {HOUR_MS} from "../../time/epoch.js";
import type {SymbolBars} from "../bars.js";
import {barsOf} from "../bars.js";
import type {SimulatedAsset} from "./simulated-assets.js";

/** Standard deviation of the common factor's hourly return: some 40 % a year. */
const FACTOR_VOLATILITY = 0.0044;

/** GARCH(1,1) of every variance, around 1: today = rest + shock·z²·yesterday + memory·yesterday. */
const GARCH = {shock: 0.05, memory: 0.93, highest: 12};

/**
 * What a patient model can predict of an asset's own return, in units of its volatility: a passing
 * mispricing that decays within hours (reversal), and a drift that lasts for days (momentum).
 * Decay is per hour. At zero fee all this is worth a Sharpe ratio of a few, as on real markets.
 */
const MISPRICING = {size: 0.3, decay: 0.15};
const DRIFT = {size: 0.042, decay: 0.01};

/** How busy each hour of the UTC day is; the mean is 1. */
const HOURLY_ACTIVITY = [
  0.95, 0.9, 0.85, 0.8, 0.75, 0.75, 0.8, 0.9, 1, 1.05, 1, 1, 1.1, 1.3, 1.45, 1.45, 1.35, 1.2, 1.05,
  1, 0.95, 0.9, 0.85, 0.65,
];

/** A row goes missing with this chance, and after it up to this many more. */
const OUTAGE = {chance: 1 / 2_500, longestBars: 3};

/** What one asset carries from bar to bar. */
interface AssetState {
  readonly asset: SimulatedAsset;
  price: number;
  variance: number;
  mispricing: number;
  drift: number;
  missing: number;
}

/** What the market carries from bar to bar; passed on, it continues at another bar length. */
export interface MarketState {
  readonly random: SeededRandom;
  factorVariance: number;
  readonly assets: readonly AssetState[];
}

/** A market before its first bar. */
export function startMarket(random: SeededRandom, assets: readonly SimulatedAsset[]): MarketState {
  const states = assets.map((asset) => ({
    asset,
    price: asset.firstPrice,
    variance: 1,
    mispricing: 0,
    drift: 0,
    missing: 0,
  }));
  return {random, factorVariance: 1, assets: states};
}

/** Bars of every asset at `barEnd`, each known at its end; changes `market` to the state after. */
export function simulateBars(
  market: MarketState,
  barEnd: Float64Array,
  barMs: number,
): Map<string, SymbolBars> {
  const rows = market.assets.map(() => new BarRows(barEnd.length));
  barEnd.forEach((end, t) => {
    const hours = barMs / HOUR_MS;
    const activity = HOURLY_ACTIVITY[Math.floor((end - 1) / HOUR_MS) % 24] as number;
    const bar = {hours, rootHours: Math.sqrt(hours), activity};
    const shock = market.random.student();
    const factor = shock * Math.sqrt(market.factorVariance * activity) * bar.rootHours;
    market.factorVariance = nextVariance(market.factorVariance, shock);
    const isEdge = t === 0 || t === barEnd.length - 1;
    market.assets.forEach((state, j) => {
      const values = stepAsset(state, market.random, {...bar, factor: factor * FACTOR_VOLATILITY});
      if (isRecorded(state, market.random) || isEdge) {
        (rows[j] as BarRows).push(end, values);
      }
    });
  });
  return new Map(
    market.assets.map(({asset}, j) => [asset.instrument.id, (rows[j] as BarRows).bars()]),
  );
}

/** What is common to all assets in one bar. */
interface BarSetting {
  readonly hours: number;
  readonly rootHours: number;
  readonly activity: number;
  readonly factor: number;
}

/** Moves one asset by a bar: open, high, low, close, volume. */
function stepAsset(
  state: AssetState,
  random: SeededRandom,
  {hours, rootHours, activity, factor}: BarSetting,
): readonly number[] {
  const {asset} = state;
  const scale = asset.ownVolatility * rootHours;
  const shock = random.student();
  const volatility = scale * Math.sqrt(state.variance * activity);
  const memory = 1 - DRIFT.decay * hours;
  state.drift = memory * state.drift + Math.sqrt(1 - memory * memory) * random.student();
  const correction = scale * MISPRICING.size * random.student();
  const mispriced = correction - MISPRICING.decay * hours * state.mispricing;
  state.mispricing += mispriced;
  const drifted = DRIFT.size * state.drift * asset.ownVolatility * hours;
  const own = volatility * shock + drifted + mispriced;
  state.variance = nextVariance(state.variance, shock);
  const move = asset.beta * factor + own;
  // Half the squared move keeps the price from decaying as products of 1 + r do.
  const moved = state.price * Math.max(0.5, 1 + move + 0.5 * move * move);
  const open = roundTo(state.price, asset.priceDecimals);
  const close = roundTo(moved, asset.priceDecimals);
  const wick = (): number => volatility * (0.05 + 1.1 * random.uniform() * random.uniform());
  const high = roundTo(Math.max(open, close) * (1 + wick()), asset.priceDecimals);
  const low = roundTo(Math.min(open, close) * (1 - wick()), asset.priceDecimals);
  const surprise = Math.min(8, Math.abs(move) / (1.5 * scale));
  const usual = asset.hourlyVolume * hours * activity * (asset.firstPrice / moved);
  const volume = usual * (0.35 + 0.8 * surprise) * (0.6 + 0.8 * random.uniform());
  state.price = moved;
  return [
    open,
    Math.max(high, open, close),
    Math.min(low, open, close),
    close,
    roundTo(volume, asset.volumeDecimals),
  ];
}

function nextVariance(variance: number, shock: number): number {
  const rest = 1 - GARCH.shock - GARCH.memory;
  const next = rest + GARCH.shock * shock * shock * variance + GARCH.memory * variance;
  return Math.min(GARCH.highest, next);
}

/** Whether the recorder got this bar; draws once per bar whatever the answer. */
function isRecorded(state: AssetState, random: SeededRandom): boolean {
  const draw = random.uniform();
  if (state.missing > 0) {
    state.missing -= 1;
    return false;
  }
  if (draw < OUTAGE.chance) {
    state.missing = Math.floor((draw / OUTAGE.chance) * OUTAGE.longestBars);
    return false;
  }
  return true;
}

const POWERS_OF_TEN = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8];

/** The double nearest to `value` rounded to so many decimals. */
export function roundTo(value: number, decimals: number): number {
  const scale = POWERS_OF_TEN[decimals] as number;
  return Math.round(value * scale) / scale;
}

/** Rows of bars that grow to a known limit. */
class BarRows {
  #count = 0;
  readonly #barEnd: Float64Array;
  readonly #values: readonly Float64Array[];

  constructor(limit: number) {
    this.#barEnd = new Float64Array(limit);
    this.#values = Array.from({length: 5}, () => new Float64Array(limit));
  }

  push(end: number, values: readonly number[]): void {
    this.#barEnd[this.#count] = end;
    this.#values.forEach((column, i) => {
      column[this.#count] = values[i] as number;
    });
    this.#count += 1;
  }

  bars(): SymbolBars {
    const barEnd = this.#barEnd.slice(0, this.#count);
    const columns = this.#values.map((column) => column.slice(0, this.#count));
    return barsOf(barEnd, barEnd, columns);
  }
}
