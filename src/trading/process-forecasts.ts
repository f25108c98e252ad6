import type {ProcessForecastsConfig} from "../config/system-config.js";
import {floorToBar} from "../time/bar-grid.js";
import type {Clock} from "../time/clock.js";
import {type EpochMs, MINUTE_MS} from "../time/epoch.js";
import type {Broker} from "./broker.js";
import type {Order} from "./order.js";
import type {Portfolio, PortfolioState} from "./portfolio.js";
import {type SizingRules, type TargetPositions, targetPositions} from "./targets.js";
import {type TradingHours, tradingHours} from "./trading-hours.js";

/** Open orders get this long to close before a bar is handled, as in the reference: the `.1` of
 * recorded wall clocks. */
const SETTLE_MS = 100;

/** One bar's forecasts; arrays are in instrument order, NaN means missing. */
export interface Forecasts {
  readonly barEnd: EpochMs;
  readonly prediction: Float64Array;
  readonly volatility: Float64Array;
  readonly spread?: Float64Array | undefined;
}

/** What a bar led to; `targets` is missing where nothing may be traded. */
export interface BarOutcome {
  readonly barEnd: EpochMs;
  readonly kind: "traded" | "outside-hours" | "too-late" | "no-data" | "no-forecast";
  readonly portfolio: PortfolioState;
  readonly targets?: TargetPositions;
  readonly orders: readonly Order[];
}

export interface ForecastProcessorOptions {
  readonly config: ProcessForecastsConfig;
  readonly barMs: number;
  readonly instrumentIds: readonly string[];
  readonly clock: Clock;
  readonly portfolio: Portfolio;
  readonly broker: Broker;
  readonly rules: SizingRules;
}

/** Turns each bar's forecasts into targets and orders; bars come in time order. */
export class ForecastProcessor {
  readonly #options: ForecastProcessorOptions;
  readonly #hours: TradingHours;
  #nextOrderId = 0;

  constructor(options: ForecastProcessorOptions) {
    this.#options = options;
    this.#hours = tradingHours(options.config);
  }

  /**
   * Marks the portfolio and, where the bar may trade, sizes targets and submits orders.
   *
   * A bar handled later than its orders would last is too late: it is marked but not traded. With
   * `forecasts` missing (no market data by the deadline), or no name forecast, likewise.
   */
  async process(barEnd: EpochMs, forecasts: Forecasts | undefined): Promise<BarOutcome> {
    const {clock, portfolio, broker, config} = this.#options;
    await clock.sleepUntil(Math.max(barEnd, clock.now()) + SETTLE_MS);
    const state = await portfolio.markToMarket();
    const durationMs = config.order_config.order_duration_in_mins * MINUTE_MS;
    const kind = this.#kindOf(barEnd, forecasts, durationMs);
    if (kind !== "traded" || forecasts === undefined) {
      return {barEnd, kind, portfolio: state, orders: []};
    }
    const inputs = {
      prediction: forecasts.prediction,
      volatility: forecasts.volatility,
      spread: forecasts.spread,
      holdingsShares: state.holdingsShares,
      holdingsNotional: state.holdingsNotional,
      price: state.price,
    };
    const isLiquidating = this.#hours.isLiquidating(barEnd);
    const targets = targetPositions(inputs, this.#options.rules, isLiquidating);
    const orders = this.#orders(barEnd, targets, durationMs);
    await broker.submitOrders(orders);
    return {barEnd, kind, portfolio: state, targets, orders};
  }

  #kindOf(
    barEnd: EpochMs,
    forecasts: Forecasts | undefined,
    durationMs: number,
  ): BarOutcome["kind"] {
    if (forecasts === undefined) {
      return "no-data";
    }
    if (this.#options.clock.now() >= barEnd + durationMs) {
      return "too-late";
    }
    if (forecasts.prediction.every(Number.isNaN)) {
      return "no-forecast";
    }
    return this.#hours.isTrading(barEnd) ? "traded" : "outside-hours";
  }

  #orders(barEnd: EpochMs, targets: TargetPositions, durationMs: number): Order[] {
    const {instrumentIds, clock, config, barMs} = this.#options;
    const now = clock.now();
    const orders: Order[] = [];
    for (const [i, instrumentId] of instrumentIds.entries()) {
      const diffShares = targets.target_trades_shares[i] as number;
      if (diffShares !== 0) {
        orders.push({
          orderId: this.#nextOrderId++,
          creationTime: now,
          instrumentId,
          type: config.order_config.order_type,
          start: now,
          end: floorToBar(barEnd, barMs) + durationMs,
          currentShares: targets.holdings_shares[i] as number,
          diffShares,
        });
      }
    }
    return orders;
  }
}
