import {sql} from "kysely";
import {afterAll, beforeAll, beforeEach, describe, expect, it} from "vitest";
import {openStore, type Store} from "../../../src/store/open/open-store.js";
import {type Retry, withRetry} from "../../../src/store/open/retry.js";
import {isConnectionError} from "../../../src/store/open/store-errors.js";
import {appendOhlcv, type OhlcvRow, readOhlcv} from "../../../src/store/streams/ohlcv.js";
import type {Clock} from "../../../src/time/clock.js";
import {MINUTE_MS} from "../../../src/time/epoch.js";
import {SimulatedClock} from "../../../src/time/simulated-clock.js";
import {emptyTables} from "../on-each-store.js";
import {HAS_OWN_SERVER, type OwnServer, startOwnServer} from "../own-server.js";
import {layWire, type Wire} from "../wire.js";

const refused = () => Object.assign(new Error("connect ECONNREFUSED"), {code: "ECONNREFUSED"});

describe("withRetry", () => {
  it("tries again after 0.1 s, then twice as long each time, at most 5 s", async () => {
    const clock = new SimulatedClock(0);
    const waits: number[] = [];
    let left = 9;
    const done = await withRetry(
      async () => {
        if (--left > 0) {
          throw refused();
        }
        return "done";
      },
      {clock, onRetry: ({waitMs}) => waits.push(waitMs)},
    );
    expect(done).toBe("done");
    expect(waits).toEqual([100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
    expect(clock.now()).toBe(16_300);
  });

  it("gives up at the deadline, saying how often it tried", async () => {
    const clock = new SimulatedClock(0);
    const failing = withRetry(() => Promise.reject(refused()), {clock, deadlineMs: 1_000});
    await expect(failing).rejects.toThrow(
      "the database: expected an answer within 1 s, found connect ECONNREFUSED, after 5 attempts",
    );
    expect(clock.now()).toBe(1_000);
  });

  it("throws another error at once, and stops when told to", async () => {
    const clock = new SimulatedClock(0);
    const wrong = new Error('column "x" does not exist');
    await expect(withRetry(() => Promise.reject(wrong), {clock})).rejects.toBe(wrong);
    const stopped = withRetry(() => Promise.reject(refused()), {
      clock,
      signal: AbortSignal.abort(new Error("stop")),
    });
    await expect(stopped).rejects.toThrow("stop");
    expect(clock.now()).toBe(0);
  });
});

describe("isConnectionError", () => {
  const withCode = (code: string) => Object.assign(new Error("x"), {code});
  const cases: [what: string, error: unknown, wanted: boolean][] = [
    ["a session ended by the administrator", withCode("57P01"), true],
    ["a server that starts up", withCode("57P03"), true],
    ["a lost connection", withCode("08006"), true],
    ["a cause further down", new Error("failed", {cause: withCode("ECONNRESET")}), true],
    ["every address refused", new AggregateError([withCode("ECONNREFUSED")]), true],
    ["a connection that broke off", new Error("Connection terminated unexpectedly"), true],
    ["a wrong password", withCode("28P01"), false],
    ["a value twice", withCode("23505"), false],
    ["a statement that took too long", withCode("57014"), false],
    ["no error", undefined, false],
  ];
  it.each(cases)("%s", (_what, error, wanted) => {
    expect(isConnectionError(error)).toBe(wanted);
  });
});

const SERIES = {table: "ccxt_ohlcv_spot", barMs: MINUTE_MS} as const;

function bar(minute: number): OhlcvRow {
  const barEnd = Date.UTC(2025, 8, 1) + minute * MINUTE_MS;
  return {
    exchangeId: "binance",
    currencyPair: "BTC_USDT",
    barEnd,
    open: 1,
    high: 2,
    low: 0.5,
    close: minute,
    volume: 1,
    endDownloadTime: barEnd,
    knowledgeTime: barEnd,
  };
}

/** A clock that never waits, and does something at its second sleep: the world goes on. */
function busyClock(atSecondSleep: () => void): Clock {
  let [now, sleeps] = [0, 0];
  return {
    now: () => now,
    async sleepUntil(time) {
      now = Math.max(now, time);
      if (++sleeps === 2) {
        atSecondSleep();
      }
    },
  };
}

describe.runIf(HAS_OWN_SERVER)("a server that goes away", () => {
  let server: OwnServer;
  let store: Store;
  const lost: Error[] = [];
  const stored = async () => {
    const query = {exchangeId: "binance", currencyPairs: ["BTC_USDT"], from: 0} as const;
    const rows = await readOhlcv(store, {...SERIES, ...query, versions: "all"});
    return rows.map(({close}) => close);
  };
  beforeAll(async () => {
    server = await startOwnServer();
    const choice = {databaseUrl: server.url, dataDir: "."};
    const onLostConnection = (error: Error) => lost.push(error);
    store = await openStore(choice, {pending: "apply", onLostConnection});
  });
  afterAll(async () => {
    await store?.close();
    server?.remove();
  });
  beforeEach(() => emptyTables(store));

  it("and comes back: every row is there once, and the loss was told", async () => {
    await appendOhlcv(store, [bar(0)], SERIES);
    server.crash();
    const retries: Retry[] = [];
    const clock = busyClock(() => server.start());
    const rows = [1, 2, 3].map(bar);
    const added = await withRetry(() => appendOhlcv(store, rows, SERIES), {
      clock,
      onRetry: (retry) => retries.push(retry),
    });
    expect(added).toBe(3);
    expect(await stored()).toEqual([0, 1, 2, 3]);
    expect(retries.length).toBeGreaterThanOrEqual(2);
    expect(lost.length).toBeGreaterThanOrEqual(1);
  });

  it("in the middle of a transaction: nothing of it is stored, then all of it once", async () => {
    let tries = 0;
    const clock = busyClock(() => server.start());
    const work = () =>
      store.db.transaction().execute(async (tx) => {
        const inside = {...store, db: tx};
        await appendRaw(inside, 1);
        if (++tries === 1) {
          server.crash();
        }
        await appendRaw(inside, 2);
      });
    await withRetry(work, {clock});
    expect(await stored()).toEqual([1, 2]);
  });

  it("for good: says so after the deadline, and a later query works again", async () => {
    server.crash();
    const clock = busyClock(() => {});
    const failing = withRetry(() => stored(), {clock, deadlineMs: 2_000});
    await expect(failing).rejects.toThrow(/an answer within 2 s, found .*ECONNREFUSED/);
    server.start();
    expect(await stored()).toEqual([]);
  });

  it("after the work was done but before its answer: nothing is stored twice", async () => {
    let tries = 0;
    const work = async () => {
      const added = await appendOhlcv(store, [bar(1), bar(2)], SERIES);
      if (++tries === 1) {
        throw refused();
      }
      return added;
    };
    expect(await withRetry(work, {clock: busyClock(() => {})})).toBe(0);
    expect(await stored()).toEqual([1, 2]);
  });
});

async function appendRaw({db}: Store, minute: number): Promise<void> {
  const {barEnd} = bar(minute);
  await sql`
    INSERT INTO ccxt_ohlcv_spot (timestamp, open, high, low, close, volume, currency_pair,
      exchange_id, end_download_timestamp, knowledge_timestamp)
    VALUES (${barEnd - MINUTE_MS}, 1, 2, 0.5, ${minute}, 1, 'BTC_USDT', 'binance', now(), now())
    ON CONFLICT DO NOTHING`.execute(db);
}

describe.runIf(HAS_OWN_SERVER)("a network that falls silent or cuts off", () => {
  let server: OwnServer;
  let wire: Wire;
  let store: Store;
  beforeAll(async () => {
    server = await startOwnServer();
    wire = await layWire(server.port);
    const databaseUrl = `postgresql://postgres@127.0.0.1:${wire.port}/postgres`;
    store = await openStore(
      {databaseUrl, dataDir: "."},
      {pending: "apply", statementTimeoutMs: 500},
    );
  });
  afterAll(async () => {
    await store?.close();
    wire?.close();
    server?.remove();
  });
  const ask = async () => (await sql<{x: number}>`SELECT 1 AS x`.execute(store.db)).rows[0]?.x;

  it("a query that hears nothing fails, and the next gets a connection that works", async () => {
    expect(await ask()).toBe(1);
    wire.mute();
    const error = await ask().catch((reason) => reason);
    expect(isConnectionError(error)).toBe(true);
    wire.unmute();
    expect(await ask()).toBe(1);
  });

  it("a connection cut in the middle of a query is tried again on another", async () => {
    const retries: Retry[] = [];
    const slow = async () => {
      const answer = sql`SELECT pg_sleep(${retries.length === 0 ? 0.3 : 0})`.execute(store.db);
      if (retries.length === 0) {
        wire.onNextRequest(() => wire.cut());
      }
      await answer;
      return "done";
    };
    const options = {clock: busyClock(() => {}), onRetry: (retry: Retry) => retries.push(retry)};
    expect(await withRetry(slow, options)).toBe("done");
    expect(retries.length).toBeGreaterThanOrEqual(1);
  });

  it("a statement that takes too long is ended, and not tried again", async () => {
    const slow = () => sql`SELECT pg_sleep(5)`.execute(store.db);
    const failing = withRetry(slow, {clock: busyClock(() => {})});
    await expect(failing).rejects.toThrow(/statement timeout/);
  });
});

if (!HAS_OWN_SERVER) {
  describe("a server that goes away", () => {
    it.skip("left out: no PostgreSQL (initdb, pg_ctl) is installed", () => {});
  });
}
