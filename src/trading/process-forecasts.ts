import type {ProcessForecastsConfig} from "../config/system-config.js";
import {floorToBar} from "../time/bar-grid.js";
import type {Clock} from "../time/clock.js";
import {type EpochMs, MINUTE_MS, SECOND_MS} from "../time/epoch.js";
import {type BarNote, ConditionWatch, DataWatch} from "./bar-notes.js";
import type {Broker} from "./broker.js";
import type {Fill} from "./fill.js";
import {
  checkForecasts,
  type Forecasts,
  type UsableForecasts,
  usableForecasts,
} from "./forecasts.js";
import type {Order} from "./order.js";
import type {Portfolio, PortfolioState} from "./portfolio.js";
import {isPrice, type SizingRules, type TargetPositions, targetPositions} from "./targets.js";
import {type TradingHours, tradingHours} from "./trading-hours.js";

/** Open orders get this long to close before a bar is handled, as in the reference: the `.1` of
 * recorded wall clocks. */
const SETTLE_MS = 100;

/** Orders begin when their bar was decided, unless that is longer ago than brokers take. */
const OLDEST_START_MS = 50 * SECOND_MS;

export type {Forecasts} from "./forecasts.js";

/** Why a name was left as it is in a bar that traded. */
export interface UntradedName {
  readonly instrument: string;
  /** `no-price`: no mark above 0; `stale`: no recent bar; `outside-session`: closed market. */
  readonly reason: "no-price" | "stale" | "outside-session";
}

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
  readonly #options: ForecastProcessorOptions;
  readonly #hours: TradingHours;
  readonly #data: DataWatch;
  readonly #watches: Watches;
  #nextOrderId = 0;

  constructor(options: ForecastProcessorOptions) {
    const {config, barMs, staleAfterBars = Number.POSITIVE_INFINITY} = options;
    this.#options = options;
    this.#hours = tradingHours(config);
    this.#data = new DataWatch(barMs, staleAfterBars);
    this.#watches = makeWatches();
  }

  /**
   * Marks the portfolio and, where the bar may trade, sizes targets and submits orders.
   *
   * A bar handled later than its orders would last is too late: it is marked but not traded. With
   * `forecasts` missing (no market data by the deadline), or no name forecast, likewise.
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
    const outcome = {barEnd, kind, portfolio: state, orders: [], fills: state.fills, notes};
    if (kind !== "traded" || forecasts === undefined) {
      return outcome;
    }
    const usable = usableForecasts(forecasts);
    const untraded = this.#untraded(barEnd, state);
    notes.push(...this.#noteNames(usable, untraded));
    const targets = this.#targets(barEnd, state, {forecasts: usable.forecasts, untraded});
    const orders = this.#orders(barEnd, targets, this.#startOf(forecasts));
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
    if (forecasts === undefined) {
      return {kind: isHalted ? "halted" : "no-data", notes};
    }
    if (clock.now() >= barEnd + this.#durationMs()) {
      return {kind: "too-late", notes};
    }
    if (forecasts.barEnd !== barEnd || !forecasts.prediction.some(Number.isFinite)) {
      return {kind: "no-forecast", notes};
    }
    return {kind: this.#hours.isTrading(barEnd) ? "traded" : "outside-hours", notes};
  }

  /** By instrument number: why it is left as it is; undefined where it is traded. */
  #untraded(barEnd: EpochMs, state: PortfolioState): (UntradedName | undefined)[] {
    const {instrumentIds, isInSession = () => true, isFresh = () => true} = this.#options;
    return instrumentIds.map((instrument, i) => {
      const reason = !isInSession(i, barEnd)
        ? "outside-session"
        : !isPrice(state.price[i])
          ? "no-price"
          : !isFresh(i, barEnd)
            ? "stale"
            : undefined;
      return reason === undefined ? undefined : {instrument, reason};
    });
  }

  #targets(
    barEnd: EpochMs,
    {holdingsShares, holdingsNotional, price}: PortfolioState,
    {forecasts, untraded}: {forecasts: Forecasts; untraded: readonly unknown[]},
  ): TargetPositions {
    const {prediction, volatility, spread} = forecasts;
    const held = {holdingsShares, holdingsNotional, price};
    const inputs = {barEnd, prediction, volatility, spread, ...held};
    return targetPositions(inputs, this.#options.rules, {
      isLiquidating: this.#hours.isLiquidating(barEnd),
      isTradable: (i) => untraded[i] === undefined,
    });
  }

  #noteNames(
    {missing, refused}: UsableForecasts,
    untraded: readonly (UntradedName | undefined)[],
  ): BarNote[] {
    const {instrumentIds} = this.#options;
    const idsOf = (numbers: readonly number[]) => numbers.map((i) => instrumentIds[i] as string);
    const leftFor = (reason: UntradedName["reason"]): string[] =>
      untraded.flatMap((one) => (one?.reason === reason ? [one.instrument] : []));
    const watches = this.#watches;
    return [
      ...watches.missing.update(idsOf(missing)),
      ...watches.refused.update(idsOf(refused)),
      ...watches["no-price"].update(leftFor("no-price")),
      ...watches.stale.update(leftFor("stale")),
      ...watches["outside-session"].update(leftFor("outside-session")),
    ];
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
    const {instrumentIds, config, barMs} = this.#options;
    const {order_type: type} = config.order_config;
    const end = floorToBar(barEnd, barMs) + this.#durationMs();
    const orders: Order[] = [];
    for (const [i, instrumentId] of instrumentIds.entries()) {
      const diffShares = targets.target_trades_shares[i] as number;
      if (diffShares !== 0) {
        orders.push({
          orderId: this.#nextOrderId++,
          parentOrderId: null,
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

type Watches = Readonly<Record<UntradedName["reason"] | "missing" | "refused", ConditionWatch>>;

function makeWatches(): Watches {
  return {
    missing: new ConditionWatch({
      begins: "no forecast: not ranked, target 0",
      ends: "forecast again",
    }),
    refused: new ConditionWatch({
      begins: "volatility or spread negative or infinite: taken as missing",
      ends: "volatility and spread usable again",
    }),
    "no-price": new ConditionWatch({
      begins: "no price above 0: its holding is kept",
      ends: "priced again",
    }),
    stale: new ConditionWatch({
      begins: "data is stale: its holding is kept",
      ends: "data is fresh again",
    }),
    "outside-session": new ConditionWatch({
      begins: "outside its trading session: its holding is kept",
      ends: "inside its trading session again",
    }),
  };
}
