import type {SystemConfig} from "../config/system-config.js";
import {ReckonError} from "../errors.js";
import type {Instrument} from "../market/instruments/instrument.js";
import type {RunLog} from "../runlog/run-log.js";
import type {Store} from "../store/open-store.js";
import type {EpochMs} from "../time/epoch.js";
import type {OrderProcessor} from "../trading/order-processor.js";
import type {Portfolio} from "../trading/portfolio.js";
import type {Execution} from "./broker-of.js";
import {accountRun, storedHoldings} from "./database-execution.js";

/**
 * The bars of a run, and the order processor beside them: it ends when the bars do, and when it
 * fails the bars end at their next border with its error.
 *
 * @param runBars handles the bars until the signal, where there is one, stops it
 * @returns tasks to run side by side in the run's time; of two failures the first task's is the
 *   cause of the other
 */
export function withProcessor(
  runBars: (signal: AbortSignal) => Promise<void>,
  processor: OrderProcessor,
  {log, signal}: {readonly log: RunLog; readonly signal: AbortSignal | undefined},
): (() => Promise<void>)[] {
  const barsEnd = new AbortController();
  const failure = new AbortController();
  const stop = AbortSignal.any([failure.signal, ...(signal === undefined ? [] : [signal])]);
  return [
    async () => {
      try {
        await processor.run(barsEnd.signal);
      } catch (error) {
        failure.abort(error);
        throw error;
      } finally {
        log.json("order_processor.json", processor.signature().split("\n"));
      }
    },
    async () => {
      try {
        await runBars(stop);
      } finally {
        barsEnd.abort();
      }
    },
  ];
}

/** What decides what a portfolio begins with. */
export interface HoldingParts {
  readonly config: SystemConfig;
  readonly instruments: readonly Instrument[];
  readonly portfolio: Portfolio;
  readonly execution: Execution;
  readonly store?: Store;
}

/**
 * Gives a portfolio the holdings in the OMS tables, where its broker works on these or the config
 * says so.
 *
 * @throws ReckonError `misuse` when there is no store to read; what opening an account throws
 */
export async function beginHoldings(
  {config, instruments, store, portfolio, execution}: HoldingParts,
  start: EpochMs,
): Promise<void> {
  const instrumentIds = instruments.map(({id}) => id);
  if (execution.database !== undefined) {
    portfolio.begin(await execution.database.account.open(accountRun(config, start)));
  } else if (config.portfolio_config.retrieve_initial_holdings_from_db) {
    if (store === undefined) {
      throw new ReckonError("misuse", {
        place: "config portfolio_config.retrieve_initial_holdings_from_db",
        expected: "an open SQL store",
        found: "none was given to the system",
      });
    }
    const holdings = await storedHoldings(store, config, {start, instrumentIds});
    if (holdings !== undefined) {
      portfolio.begin(holdings);
    }
  }
}
