import type {RunMode, SystemConfig} from "../../config/system-config.js";
import {ReckonError} from "../../errors.js";
import {type EpochMs, formatStamp, MINUTE_MS, toIso} from "../../time/epoch.js";
import type {RunMarket} from "./run-market.js";

/**
 * Nothing that would trade for real may be faked by a mocked broker.
 *
 * @param hasBroker a broker was passed to the run
 * @throws ReckonError `misuse`
 */
export function checkRunMode(runMode: RunMode, hasBroker: boolean): void {
  if (runMode === "prod" && !hasBroker) {
    throw new ReckonError("misuse", {
      place: "--run-mode",
      expected: "paper_trading or simulation",
      found: '"prod", for which there is no broker yet',
    });
  }
}

/**
 * Recorded fills that nothing reads, or that are missing where they are to be replayed, are a
 * mistake.
 *
 * @param from the run folder whose fills are to be replayed
 * @throws ReckonError `misuse`
 */
export function checkReplayedFills(
  {run_mode, portfolio_config}: SystemConfig,
  from: string | undefined,
): void {
  const isReplay =
    run_mode === "simulation_with_replayed_fills" ||
    portfolio_config.broker_config.type === "replayed_fills";
  if (isReplay && from === undefined) {
    throw new ReckonError("misuse", {
      place: "--replay-fills",
      expected: "the run folder whose fills are replayed",
      found: "none",
      fix: `give --replay-fills RUN_FOLDER, or another --run-mode than ${run_mode}`,
    });
  }
  if (!isReplay && from !== undefined) {
    throw new ReckonError("misuse", {
      place: "--replay-fills",
      expected: "--run-mode simulation_with_replayed_fills",
      found: run_mode,
      fix: "change the run mode, or leave --replay-fills out",
    });
  }
}

/**
 * An interval without bars is a mistake.
 *
 * @throws ReckonError `misuse`
 */
export function checkInterval(start: EpochMs, end: EpochMs): void {
  if (start >= end) {
    throw new ReckonError("misuse", {
      place: "--end-timestamp",
      expected: `a time after the start ${toIso(start)}`,
      found: toIso(end),
    });
  }
}

/**
 * A job of yesterday that a scheduler starts today would trade on the wrong day.
 *
 * @throws ReckonError `misuse`
 */
export function checkTradeDate({run_mode, cf_config}: SystemConfig, now: EpochMs): void {
  const today = formatStamp(now).slice(0, 8);
  const {trade_date} = cf_config;
  const isLive = run_mode === "prod" || run_mode === "paper_trading";
  if (isLive && trade_date !== null && trade_date !== today) {
    throw new ReckonError("misuse", {
      place: "--trade-date",
      expected: `the day of the run, ${today}`,
      found: trade_date,
    });
  }
}

/**
 * Live bars of the past are gone: what was known then cannot be acted on now.
 *
 * @throws ReckonError `misuse`
 */
export function checkLiveStart(market: RunMarket, start: EpochMs, now: EpochMs): void {
  if ("open" in market && start < now - MINUTE_MS) {
    throw new ReckonError("misuse", {
      place: "--start-timestamp",
      expected: `a time that is not over, ${toIso(now)} or later, for a live run`,
      found: toIso(start),
      fix: "leave it out to start now, or replay recorded bars with --feed recorded",
    });
  }
}
