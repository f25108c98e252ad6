import type {ProcessForecastsConfig} from "../../config/system-config.js";
import {floorToBar} from "../../time/bar-grid.js";
import type {Clock} from "../../time/clock.js";
import {type EpochMs, MINUTE_MS, SECOND_MS} from "../../time/epoch.js";
import type {Broker} from "../brokers/broker.js";
import type {Fill} from "../orders/fill.js";
import type {Order} from "../orders/order.js";
import type {Portfolio, PortfolioState} from "../portfolio.js";
import {type BarNote, DataWatch} from "./bar-notes.js";
import {checkForecasts, type Forecasts, noForecasts, usableForecasts} from "./forecasts.js";
import {NameNotes, type UntradedName} from "./name-notes.js";
import {
  isPrice,
  type LimitEffect,
  type SizingRules,
  type TargetPositions,
  targetPositions,
} from "./targets.js";
import {type TradingHours, tradingHours} from "./trading-hours.js";

/** Open orders get this long to close before a bar is handled, as in the reference: the `.1` of
 * recorded wall clocks. */
const SETTLE_MS = 100;

/** Orders begin when their bar was decided, unless that is longer ago than brokers take. */
const OLDEST_START_MS = 50 * SECOND_MS;

export type {Forecasts} from "./forecasts.js";

export type {UntradedName} from "./name-notes.js";

/**
 * What a bar led to.
 *
 * - `traded`: targets were sized; where all stands as wanted, there are no orders
 * - `outside-hours`: by the config's hours, or because no name's market is open
 * - `weekend`: a Saturday or Sunday, left out by the config
 * - `too-late`: handled when its orders would have ended
 * - `no-data`: no name's row of the bar was known by the deadline
 * - `halted`: likewise, for more bars than data may stay away
 * - `no-forecast`: no name had a prediction
 */
export const BAR_KINDS = [
  "traded",
  "outside-hours",
  "weekend",
  "too-late",
  "no-data",
  "halted",
  "no-forecast",
] as const;
/** One of {@link BAR_KINDS}. */
export type BarKind = (typeof BAR_KINDS)[number];

/** What a bar led to; `targets` is missing where nothing may be traded. */
export interface BarOutcome {
  readonly barEnd: EpochMs;
  readonly kind: BarKind;
  readonly portfolio: PortfolioState;
  readonly targets?: TargetPositions;
  readonly orders: readonly Order[];
  /** What was executed since the bar before. */
  readonly fills?: readonly Fill[];
  /** Names that were left as they are, in instrument order; empty where the bar did not trade. */
  readonly untraded?: readonly UntradedName[];
  /** What people should know of the bar, beside its kind. */
  readonly notes?: readonly BarNote[];
}

export interface ForecastProcessorOptions {
  readonly config: ProcessForecastsConfig;
  readonly barMs: number;
  readonly instrumentIds: readonly string[];
  readonly clock: Clock;
  readonly portfolio: Portfolio;
  readonly broker: Broker;
  readonly rules: SizingRules;
  /** True when the market of instrument i takes orders now; always where left out. */
  readonly isInSession?: (i: number, time: EpochMs) => boolean;
  /** True when instrument i has a bar recent enough to trade on; always where left out. */
  readonly isFresh?: (i: number, barEnd: EpochMs) => boolean;
  /** Bars that may pass without data before trading is halted; any number where left out. */
  readonly staleAfterBars?: number;
}

/** Turns each bar's forecasts into targets and orders; bars come in time order. */
export class ForecastProcessor {
  /** How the next bars are sized; what may not be traded can change. */
  rules: SizingRules;
  readonly #options: ForecastProcessorOptions;
  readonly #hours: TradingHours;
  readonly #data: DataWatch;
  readonly #names: NameNotes;
  #nextOrderId = 0;

  constructor(options: ForecastProcessorOptions) {
    const {config, barMs, staleAfterBars = Number.POSITIVE_INFINITY} = options;
    this.#options = options;
    this.rules = options.rules;
    this.#hours = tradingHours(config);
    this.#data = new DataWatch(barMs, staleAfterBars);
    this.#names = new NameNotes(options.instrumentIds);
  }

  /**
   * Marks the portfolio and, where the bar may trade, sizes targets and submits orders.
   *
   * A bar handled later than its orders would last is too late: it is marked but not traded. With
   * `forecasts` missing (no market data by the deadline), or no name forecast, likewise. Holdings
   * are liquidated by the time of day alone: that needs neither forecasts nor recent data.
   *
   * @throws ReckonError `failed` for forecasts of a later bar
   */
  async process(barEnd: EpochMs, forecasts: Forecasts | undefined): Promise<BarOutcome> {
    const {clock, portfolio, broker, instrumentIds} = this.#options;
    if (forecasts !== undefined) {
      checkForecasts(forecasts, barEnd, instrumentIds.length);
    }
    await clock.sleepUntil(Math.max(barEnd, clock.now()) + SETTLE_MS);
    const state = await portfolio.markToMarket();
    const {kind, notes} = this.#kindOf(barEnd, forecasts);
    notes.push(...this.#names.ofMarks(state));
    const outcome = {barEnd, kind, portfolio: state, orders: [], fills: state.fills, notes};
    if (kind !== "traded") {
      return outcome;
    }
    const given =
      forecasts?.barEnd === barEnd ? forecasts : noForecasts(barEnd, instrumentIds.length);
    const isLiquidating = this.#hours.isLiquidating(barEnd);
    const usable = usableForecasts(given);
    const untraded = this.#untraded(barEnd, state, isLiquidating);
    const limited = new Map<number, LimitEffect>();
    const targets = targetPositions({...usable.forecasts, ...state}, this.rules, {
      isLiquidating,
      isTradable: (i) => untraded[i] === undefined,
      onLimits: (i, effect) => limited.set(i, effect),
    });
    const {holdingsShares} = state;
    const dust = Array.from(instrumentIds.keys()).filter((i) => {
      const held = holdingsShares[i] as number;
      return held !== 0 && this.rules.wholeShares(i, held) === 0;
    });
    const facts = {isLiquidating, usable, untraded, holdingsShares, limited, dust};
    notes.push(...this.#names.ofTrading(facts));
    const orders = this.#orders(barEnd, targets, this.#startOf(given));
    await broker.submitOrders(orders);
    return {...outcome, targets, orders, untraded: untraded.filter((one) => one !== undefined)};
  }

  /** Whether the bar trades, and what is to be said of the data's coming and going. */
  #kindOf(
    barEnd: EpochMs,
    forecasts: Forecasts | undefined,
  ): {readonly kind: BarKind; readonly notes: BarNote[]} {
    const {instrumentIds, isInSession = () => true, clock} = this.#options;
    const isClosed = !instrumentIds.some((_, i) => isInSession(i, barEnd));
    if (isClosed || this.#hours.isWeekend(barEnd)) {
      this.#data.skip(barEnd);
      return {kind: isClosed ? "outside-hours" : "weekend", notes: []};
    }
    const {isHalted, notes} = this.#data.see(barEnd, forecasts !== undefined);
    const isTooLate = clock.now() >= barEnd + this.#durationMs();
    if (this.#hours.isLiquidating(barEnd) && this.#hours.isTrading(barEnd) && !isTooLate) {
      return {kind: "traded", notes};
    }
    if (forecasts === undefined) {
      return {kind: isHalted ? "halted" : "no-data", notes};
    }
    if (isTooLate) {
      return {kind: "too-late", notes};
    }
    if (forecasts.barEnd !== barEnd || !forecasts.prediction.some(Number.isFinite)) {
      return {kind: "no-forecast", notes};
    }
    return {kind: this.#hours.isTrading(barEnd) ? "traded" : "outside-hours", notes};
  }

  /** By instrument number: why it is left as it is; undefined where it is traded. */
  #untraded(
    barEnd: EpochMs,
    state: PortfolioState,
    isLiquidating: boolean,
  ): (UntradedName | undefined)[] {
    const {instrumentIds, isInSession = () => true, isFresh = () => true} = this.#options;
    return instrumentIds.map((instrument, i) => {
      const reason = !isInSession(i, barEnd)
        ? "outside-session"
        : !isPrice(state.price[i])
          ? "no-price"
          : !isLiquidating && !isFresh(i, barEnd)
            ? "stale"
            : undefined;
      return reason === undefined ? undefined : {instrument, reason};
    });
  }

  #durationMs(): number {
    return this.#options.config.order_config.order_duration_in_mins * MINUTE_MS;
  }

  /**
   * When the bar's orders begin: at its cut-off, so that a replay makes the same orders. Where
   * handling the bar took much longer, they begin now: prices of the past cannot be traded at.
   */
  #startOf({asOf}: Forecasts): EpochMs {
    const now = this.#options.clock.now();
    const start = asOf === undefined ? now : Math.min(asOf + SETTLE_MS, now);
    return start < now - OLDEST_START_MS ? now : start;
  }

  #orders(barEnd: EpochMs, targets: TargetPositions, start: EpochMs): Order[] {
    const {instrumentIds, config, barMs, portfolio} = this.#options;
    const {strategy, account} = portfolio.owner;
    const {order_type: type} = config.order_config;
    const end = floorToBar(barEnd, barMs) + this.#durationMs();
    const orders: Order[] = [];
    for (const [i, instrumentId] of instrumentIds.entries()) {
      const diffShares = targets.target_trades_shares[i] as number;
      if (diffShares !== 0) {
        orders.push({
          orderId: this.#nextOrderId++,
          parentOrderId: null,
          strategy,
          account,
          creationTime: start,
          instrumentId,
          type,
          start,
          end,
          currentShares: targets.holdings_shares[i] as number,
          diffShares,
          extraParams: {},
        });
      }
    }
    return orders;
  }
}
