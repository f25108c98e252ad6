import {floorToBar, parsePeriod} from "../../../time/bar-grid.js";
import {type EpochMs, formatMinute, SECOND_MS} from "../../../time/epoch.js";
import type {Instrument} from "../../instruments/instrument.js";
import {currencyPair} from "../../live/sql-bar-feed.js";
import {askExchange} from "../ask-exchange.js";
import {candlePages} from "../candle-pages.js";
import {openOf} from "../candles.js";
import {BarOutbox, describeFailure, type OutgoingBar} from "./bar-outbox.js";
import {BarTracker, type Taken} from "./bar-tracker.js";
import {type CollectCounts, noCounts} from "./collect-counts.js";
import type {CollectOptions, CollectSettings} from "./collect-options.js";
import type {LiveFeedOptions} from "./live-feed.js";

/** Longest time to go on asking for what is missing; after it, the next bar's end asks again. */
const RESYNC_MS = 600 * SECOND_MS;

interface Watched {
  readonly instrument: Instrument;
  readonly tracker: BarTracker;
  /** The exchange should be asked for its newest bars. */
  isDoubtful: boolean;
}

type CollectorOptions = CollectOptions & {readonly settings: CollectSettings};

/** The state of one collection: what is known of every symbol, and what is on its way. */
export class Collector {
  readonly counts: CollectCounts = noCounts();
  readonly outbox: BarOutbox;
  readonly signal: AbortSignal;
  readonly #options: CollectorOptions;
  readonly #barMs: number;
  readonly #watched: readonly Watched[];
  #isLive = false;
  #hasDropped = false;
  #resyncs = Promise.resolve();

  constructor(options: CollectorOptions) {
    const {timeframe, instruments, writer, clock, settings} = options;
    this.#options = options;
    this.signal = options.signal;
    this.#barMs = parsePeriod(timeframe);
    this.#watched = instruments.map((instrument) => {
      const symbol = {currencyPair: currencyPair(instrument), timeframe, barMs: this.#barMs};
      const tracker = new BarTracker(symbol);
      return {instrument, tracker, isDoubtful: false};
    });
    this.outbox = new BarOutbox({
      writer,
      clock,
      limit: settings.memoryBars,
      onWritten: (bars) => this.#countWritten(bars),
      onFailure: (error, failures) => this.#storeFailed(error, failures),
      onRecovered: () => this.#storeRecovered(),
      onDropped: (bar) => this.#drop(bar),
    });
  }

  /** What the live feed tells. */
  get listener(): Pick<LiveFeedOptions, "onConnect" | "onLive" | "onCandles" | "onEnd"> {
    const bySymbol = new Map(this.#watched.map((watched) => [watched.instrument.symbol, watched]));
    return {
      onConnect: () => {
        for (const {tracker} of this.#watched) {
          tracker.startConnection();
        }
        void this.resync();
      },
      onLive: () => {
        this.#isLive = true;
        this.#tell("bars come live");
      },
      onCandles: (symbol, rows) => {
        const watched = bySymbol.get(symbol) as Watched;
        const taken = watched.tracker.takeLive(rows, this.#options.clock.now());
        watched.isDoubtful ||= taken.isDoubtful;
        this.#deliver(taken, () => false);
      },
      onEnd: ({reason, error, waitMs}) => {
        this.#isLive = false;
        this.counts.reconnects += 1;
        this.counts[reason === "silent" ? "silent" : "errors"] += 1;
        const what = reason === "silent" ? "the connection is silent" : "the connection broke";
        this.#tell(`${what}: ${describeFailure(error)}; again in ${waitMs / SECOND_MS} s`);
      },
    };
  }

  /** Learns which bars the store has. */
  async readStore(): Promise<void> {
    const {writer, clock, settings} = this.#options;
    const trackers = new Map(
      this.#watched.map(({instrument, tracker}) => [currencyPair(instrument), tracker]),
    );
    for (const bar of await writer.readSince(clock.now() - settings.backfillMs)) {
      trackers.get(bar.currencyPair)?.remember(bar);
    }
  }

  /** Asks for every bar that is missing; one such round at a time. */
  resync(): Promise<void> {
    this.#resyncs = this.#resyncs.then(async () => {
      for (const watched of this.#watched) {
        await this.#resyncSymbol(watched).catch((error) => this.#askFailed(watched, error));
      }
    });
    return this.#resyncs;
  }

  /** Asks for a bar that has ended until all symbols have it or the next is due, and reports. */
  async closeBar(end: EpochMs): Promise<void> {
    const {clock, settings, onBar} = this.#options;
    const isRecheck = (end / this.#barMs) % settings.recheckBars === 0;
    const lacks = ({tracker}: Watched): boolean => !tracker.has(end);
    let asked = this.#watched.filter((one) => isRecheck || one.isDoubtful || lacks(one));
    for (let waitMs = settings.graceMs; asked.length > 0; waitMs *= 2) {
      const open: Watched[] = [];
      for (const watched of asked) {
        const isSettled = await this.#confirm(watched, end);
        if (!isSettled && lacks(watched)) {
          open.push(watched);
        }
      }
      asked = open;
      const next = clock.now() + waitMs;
      if (asked.length > 0 && next >= end + this.#barMs) {
        break;
      }
      if (asked.length > 0) {
        await clock.sleepUntil(next, this.signal);
      }
    }
    for (const {tracker} of this.#watched) {
      tracker.prune(end - settings.backfillMs);
    }
    const missing = this.#watched.filter(lacks).map(({instrument}) => instrument.id);
    const state = {barEnd: end, missing, pending: this.outbox.pending, isLive: this.#isLive};
    onBar?.({...this.counts, ...state});
  }

  /** Asks for the newest bars of a symbol; true when the exchange has gone beyond this one. */
  async #confirm(watched: Watched, end: EpochMs): Promise<boolean> {
    const {client, clock, timeframe, settings} = this.#options;
    const bars = 2 * settings.recheckBars;
    const {symbol} = watched.instrument;
    const since = end - bars * this.#barMs;
    let askedAt = clock.now();
    const ask = () => {
      askedAt = clock.now();
      return client.fetchOHLCV(symbol, timeframe, since, bars + settings.recheckBars);
    };
    try {
      watched.isDoubtful = false;
      const rows = await askExchange(client, ask, this.#patience(this.#barMs / 2));
      const taken = watched.tracker.takeAnswer(rows, {askedAt, now: clock.now()});
      this.#deliver(taken, (barEnd) => barEnd < end);
      return rows.some((row) => openOf(row) >= end);
    } catch (error) {
      this.#askFailed(watched, error);
      return false;
    }
  }

  async #resyncSymbol({instrument, tracker}: Watched): Promise<void> {
    const {client, clock, timeframe, settings} = this.#options;
    const now = clock.now();
    const pages = candlePages({
      ...this.#patience(RESYNC_MS),
      client,
      symbol: instrument.symbol,
      timeframe,
      start: floorToBar(now - settings.backfillMs, this.#barMs),
      end: now,
      known: tracker.known,
    });
    for await (const {rows, askedAt} of pages) {
      const taken = tracker.takeAnswer(rows, {askedAt, now: clock.now()});
      this.#deliver(taken, () => true);
      while (this.outbox.pending > settings.memoryBars / 2) {
        await clock.sleepUntil(clock.now() + SECOND_MS, this.signal);
      }
    }
  }

  #patience(spanMs: number) {
    const {clock} = this.#options;
    const onRetry = (error: unknown): void => {
      this.counts.errors += 1;
      this.#tell(`the exchange is busy: ${describeFailure(error)}`);
    };
    return {clock, signal: this.signal, deadlineMs: clock.now() + spanMs, onRetry};
  }

  #deliver({bars, corrected, rejected}: Taken, isBackfill: (barEnd: EpochMs) => boolean): void {
    this.counts.rejected += rejected;
    const outgoing = bars.map((bar) => ({
      bar,
      isCorrection: corrected.has(bar.barEnd),
      isBackfill: isBackfill(bar.barEnd),
    }));
    if (outgoing.length > 0) {
      this.outbox.push(outgoing);
    }
  }

  #countWritten(bars: readonly OutgoingBar[]): void {
    const {clock, settings} = this.#options;
    for (const {bar, isCorrection, isBackfill} of bars) {
      this.counts[isCorrection ? "corrections" : "bars"] += 1;
      if (isCorrection) {
        const at = formatMinute(bar.barEnd);
        this.#tell(`${bar.currencyPair}: the exchange corrected the bar that ended ${at} (UTC)`);
      } else if (isBackfill) {
        this.counts.backfilled += 1;
      } else if (clock.now() > bar.barEnd + settings.lateMs) {
        this.counts.late += 1;
      }
    }
  }

  #askFailed({instrument}: Watched, error: unknown): void {
    if (!this.signal.aborted) {
      this.counts.errors += 1;
      this.#tell(`${instrument.id}: ${describeFailure(error)}`);
    }
  }

  #storeFailed(error: unknown, failures: number): void {
    this.counts.errors += 1;
    if (failures === 1) {
      this.#tell(`the store is out of reach, bars wait in memory: ${describeFailure(error)}`);
    }
  }

  #storeRecovered(): void {
    this.#tell("the store is back, all bars in memory are written");
    if (this.#hasDropped) {
      this.#hasDropped = false;
      void this.resync();
    }
  }

  #drop({bar}: OutgoingBar): void {
    const {settings} = this.#options;
    this.counts.dropped += 1;
    const owner = this.#watched.find(
      ({instrument}) => currencyPair(instrument) === bar.currencyPair,
    );
    owner?.tracker.forget(bar.barEnd);
    if (!this.#hasDropped) {
      this.#hasDropped = true;
      this.#tell(
        `more than ${settings.memoryBars} bars wait for the store: the oldest are let go, and ` +
          "asked for again when it is back",
      );
    }
  }

  #tell(text: string): void {
    this.#options.onEvent?.(text);
  }
}
