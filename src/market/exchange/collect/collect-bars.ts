import {setMaxListeners} from "node:events";
import {ceilToBar, parsePeriod} from "../../../time/bar-grid.js";
import type {Clock} from "../../../time/clock.js";
import {formatMinute} from "../../../time/epoch.js";
import {canonicalTimeframe} from "../../timeframe.js";
import type {CollectCounts} from "./collect-counts.js";
import {type CollectOptions, defaultSettings} from "./collect-options.js";
import {Collector} from "./collector.js";
import {cutConnections} from "./connection.js";
import {runLiveFeed} from "./live-feed.js";

/** What a collection did. */
export interface CollectReport extends Readonly<CollectCounts> {
  /** Bars that were received and could not be written; 0 after a clean end. */
  readonly unwritten: number;
}

/**
 * Writes an exchange's closed bars as they come, until the signal is aborted or the time is up.
 *
 * Bars come over a websocket where the exchange has one, and are asked for where they fail to come,
 * are missing since the last stored one, or were corrected. Nothing that happens to the exchange,
 * the connection or the store ends it.
 *
 * @throws ReckonError `failed` when the store cannot be read at the start
 */
export async function collectBars(options: CollectOptions): Promise<CollectReport> {
  const {client, clock, instruments} = options;
  const timeframe = canonicalTimeframe(options.timeframe);
  const settings = {...defaultSettings(parsePeriod(timeframe)), ...options.settings};
  const ending = new AbortController();
  setMaxListeners(0, ending.signal);
  const end = (): void => ending.abort(options.signal.reason);
  options.signal.addEventListener("abort", end);
  if (options.signal.aborted) {
    end();
  }
  const collector = new Collector({...options, timeframe, settings, signal: ending.signal});
  try {
    await collector.readStore();
    const symbols = instruments.map(({symbol}) => symbol);
    const feed = {client, symbols, timeframe, clock, silentMs: settings.silentMs};
    const isStreamed = Boolean(client.has.watchOHLCV);
    await allOrNone(ending, [
      collector.outbox.run(ending.signal),
      isStreamed
        ? runLiveFeed({...feed, ...collector.listener}, ending.signal)
        : collector.resync(),
      closeBars(collector, {clock, barMs: parsePeriod(timeframe), graceMs: settings.graceMs}),
      endAt(options, ending),
    ]);
  } finally {
    options.signal.removeEventListener("abort", end);
    cutConnections(client, new Error("the collection has ended"));
  }
  await collector.outbox.flush(clock.now() + settings.stopMs);
  return {...collector.counts, unwritten: collector.outbox.pending};
}

/** Waits for all; when one fails the others are ended first. */
async function allOrNone(ending: AbortController, tasks: readonly Promise<void>[]): Promise<void> {
  const guarded = tasks.map((task) =>
    task.catch((error) => {
      if (!ending.signal.aborted) {
        ending.abort(error);
        throw error;
      }
    }),
  );
  for (const result of await Promise.allSettled(guarded)) {
    if (result.status === "rejected") {
      throw result.reason;
    }
  }
}

/** Sees to every bar a little after its end. */
async function closeBars(
  collector: Collector,
  {clock, barMs, graceMs}: {readonly clock: Clock; readonly barMs: number; graceMs: number},
): Promise<void> {
  for (let end = ceilToBar(clock.now() + 1, barMs); ; end += barMs) {
    await clock.sleepUntil(end + graceMs, collector.signal);
    await collector.closeBar(end);
  }
}

async function endAt({until, clock, onEvent}: CollectOptions, ending: AbortController) {
  if (until !== undefined) {
    await clock.sleepUntil(until, ending.signal);
    onEvent?.(`time is up: ${formatMinute(until)} (UTC)`);
    ending.abort();
  }
}
