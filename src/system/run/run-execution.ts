import type {SystemConfig} from "../../config/system-config.js";
import {ReckonError} from "../../errors.js";
import type {MarketData} from "../../market/market-data.js";
import type {OpeningState} from "../../runlog/opening-state.js";
import {RunFolder} from "../../runlog/reading/run-folder.js";
import {readRestrictionChanges} from "../../runlog/restriction-changes.js";
import {readRestrictions} from "../../store/oms/oms-restrictions.js";
import type {Store} from "../../store/open/open-store.js";
import {withRetry} from "../../store/open/retry.js";
import type {Clock} from "../../time/clock.js";
import type {EpochMs} from "../../time/epoch.js";
import type {Broker} from "../../trading/brokers/broker.js";
import type {RecordedFill} from "../../trading/brokers/replayed-fills.js";
import {type Holdings, holdingsOf} from "../../trading/initial-holdings.js";
import {accountRun, awayNote} from "../database-execution.js";
import {recordedRestrictions} from "../follow-restrictions.js";
import type {SystemParts} from "../system.js";
import {type OpeningRequest, requestedOpening} from "./opening.js";
import {type MarketOpening, openMarket, type RunMarket} from "./run-market.js";

/** What a run may be given to execute its orders with. */
export interface ExecutionRequest extends OpeningRequest {
  /** Makes the run's broker, in place of the config's; `prod` needs it. */
  readonly broker?: (parts: {
    readonly config: SystemConfig;
    readonly clock: Clock;
    readonly market: MarketData;
  }) => Broker;
  /** Opens the SQL store, or stops trying; called when the config needs it, closed by the run. */
  readonly openStore?: (signal?: AbortSignal) => Promise<Store>;
  /**
   * The run folder whose fills a `simulation_with_replayed_fills` gives back; that run's opening
   * state is taken too, where `openingFrom` is left out.
   */
  readonly replayFillsFrom?: string;
}

/** What is known when execution is prepared. */
export interface ExecutionSetting {
  readonly config: SystemConfig;
  readonly clock: Clock;
  readonly market: RunMarket;
  /** The market as the system sees it. */
  readonly view: MarketData;
  readonly start: EpochMs;
  readonly signal: AbortSignal | undefined;
  /** Told of what an operator should know, such as a database that is away. */
  readonly onNote: MarketOpening["onNote"];
}

/** The parts of a system that execute its orders, with what must be let go in the end. */
export interface OpenExecution {
  readonly parts: Pick<
    SystemParts,
    | "broker"
    | "store"
    | "exchangeMarket"
    | "recordedFills"
    | "opening"
    | "restrictions"
    | "restrictionsAt"
  >;
  close(): Promise<void>;
}

/**
 * Opens what the config needs to execute orders: the store, the exchange's view of the market, a
 * recorded run's fills and what it began with, what may not be traded.
 *
 * @throws ReckonError `bad-data` when the recorded run has no fills or no opening state on record,
 *   or held an instrument that is not in this run; what opening throws
 */
export async function openExecution(
  request: ExecutionRequest,
  setting: ExecutionSetting,
): Promise<OpenExecution> {
  const {broker, openStore, replayFillsFrom} = request;
  const {config, clock, market, view, start, signal} = setting;
  const {broker_config, retrieve_initial_holdings_from_db} = config.portfolio_config;
  const isDatabase = broker_config.type === "database" && broker === undefined;
  const recorded = requestedOpening(request);
  const opening = recorded && holdingsIn(recorded, market);
  const recordedFills =
    replayFillsFrom === undefined ? undefined : await readRecordedFills(replayFillsFrom);
  const needsStore = isDatabase || retrieve_initial_holdings_from_db;
  const store = needsStore ? await openStore?.(signal) : undefined;
  try {
    const restrictions =
      recorded !== undefined && config.run_mode.startsWith("simulation")
        ? recordedIn(request.openingFrom ?? replayFillsFrom, recorded)
        : await tableRestrictions(setting, isDatabase ? store : undefined);
    const exchange = isDatabase
      ? await openMarket(market, {
          clock,
          delayMs: 0,
          missingAssets: "warn_and_trim",
          from: start - view.barMs,
          onNote: () => {},
          signal,
        })
      : undefined;
    return {
      parts: {
        ...(broker === undefined ? {} : {broker: broker({config, clock, market: view})}),
        ...(store === undefined ? {} : {store}),
        ...(exchange === undefined ? {} : {exchangeMarket: exchange}),
        ...(recordedFills === undefined ? {} : {recordedFills}),
        ...(opening === undefined ? {} : {opening}),
        ...restrictions,
      },
      async close() {
        try {
          await exchange?.close();
        } finally {
          await store?.close();
        }
      },
    };
  } catch (error) {
    await store?.close();
    throw error;
  }
}

function holdingsIn({cash, holdings}: OpeningState, {instruments}: RunMarket): Holdings {
  const ids = instruments.map(({id}) => id);
  return holdingsOf(ids, new Map(Object.entries(holdings)), cash);
}

type Restrictions = Pick<SystemParts, "restrictions" | "restrictionsAt">;

/** Those of a recorded day that is replayed, at each bar as they were then. */
function recordedIn(dir: string | undefined, {restrictions}: OpeningState): Restrictions {
  const changes = dir === undefined ? [] : readRestrictionChanges(dir);
  return changes.length === 0
    ? {restrictions}
    : {restrictions, restrictionsAt: recordedRestrictions(restrictions, changes)};
}

/**
 * Where the run trades in a database, those of its trade date, or of each bar's own day where none
 * was set: a run that goes on after midnight obeys the new day's. Read again at each bar.
 */
async function tableRestrictions(
  {config, start, signal, onNote}: ExecutionSetting,
  store: Store | undefined,
): Promise<Restrictions> {
  if (store === undefined) {
    return {};
  }
  const at = (time: EpochMs, signal: AbortSignal | undefined) =>
    withRetry(() => readRestrictions(store, config.cf_config, accountRun(config, time).tradeDate), {
      onRetry: (retry) => onNote(...awayNote(retry)),
      ...(signal === undefined ? {} : {signal}),
    });
  return {restrictions: await at(start, signal), restrictionsAt: at};
}

/**
 * Every fill of a recorded run, with the bar at which it was taken.
 *
 * @throws ReckonError `bad-data` when the run traded but recorded no fills
 */
export async function readRecordedFills(dir: string): Promise<readonly RecordedFill[]> {
  const folder = new RunFolder(dir);
  const fills = await folder.fills();
  const {executed_trades_shares: trades} = await folder.portfolio();
  const hasTraded = trades.data.some((column) => column.some((shares) => shares !== 0));
  if (fills.length === 0 && hasTraded) {
    throw new ReckonError("bad-data", {
      place: dir,
      expected: "a run that recorded its fills (process_forecasts/fills)",
      found: "trades without any",
      fix: "record the run again with this version",
    });
  }
  return fills;
}
