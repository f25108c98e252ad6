import {describe, expect, it} from "vitest";
import {
  type Collecting,
  collecting,
  linesOf,
  MemoryWriter,
  MINUTE,
  minuteBars,
  START,
  waitFor,
} from "./collecting.js";

const SYMBOLS = ["BTCUSDT", "ETHUSDT", "SOLUSDT"];
const HOUR = 60 * MINUTE;
const table = minuteBars(SYMBOLS, START - HOUR, START + 10 * HOUR);

/** The rows that a store should have of (from, to], without corrections. */
const wanted = (from: number, to: number): string[] => linesOf(table, START + from, START + to);

/** When the bar of this many minutes after the start opens. */
const opensAt = (minutes: number): number => START + (minutes - 1) * MINUTE;

const until = ({clock}: Collecting, ms: number): Promise<void> => clock.sleepUntil(START + ms);

describe.concurrent("collectBars", () => {
  it("writes an hour of three symbols exactly as the exchange has it", async () => {
    const {writer, report, statuses} = await collecting({
      table,
      speed: 600,
      untilMs: HOUR,
    });
    expect(writer.lines(START, START + HOUR)).toEqual(wanted(0, HOUR));
    expect(report).toMatchObject({corrections: 0, reconnects: 0, silent: 0, errors: 0});
    expect(report).toMatchObject({dropped: 0, rejected: 0, unwritten: 0});
    expect(report.bars).toBe(writer.rows.length);
    expect(statuses.length).toBeGreaterThanOrEqual(60);
    expect(statuses.at(-1)?.isLive).toBe(true);
  });

  it("begins after the last stored bar, and mends holes before it", async () => {
    const writer = new MemoryWriter();
    await collecting({table, speed: 600, fromMs: -HOUR, untilMs: 3 * MINUTE, writer});
    const before = writer.rows.length;
    const hole = writer.rows.splice(40, 10);
    const {report} = await collecting({
      table,
      speed: 600,
      fromMs: -HOUR,
      untilMs: 4 * MINUTE,
      writer,
    });
    expect(writer.lines(START - 30 * MINUTE, START + 4 * MINUTE)).toEqual(
      wanted(-30 * MINUTE, 4 * MINUTE),
    );
    expect(new Set(writer.rows.map((row) => `${row.currencyPair} ${row.barEnd}`)).size).toBe(
      writer.rows.length,
    );
    expect(report.backfilled).toBeGreaterThanOrEqual(hole.length);
    expect(writer.rows.length).toBeGreaterThan(before);
  });

  it("connects again after the exchange hung up, and leaves no hole", async () => {
    const {writer, report, server} = await collecting(
      {table, speed: 400, untilMs: 25 * MINUTE},
      async (running) => {
        await until(running, 10.5 * MINUTE);
        running.server.isRefusing = true;
        running.server.drop();
        await until(running, 15.5 * MINUTE);
        running.server.isRefusing = false;
        await until(running, 22.5 * MINUTE);
        running.server.drop();
      },
    );
    expect(writer.lines(START, START + 25 * MINUTE)).toEqual(wanted(0, 25 * MINUTE));
    expect(report.reconnects).toBeGreaterThanOrEqual(3);
    expect(server.connections).toBeGreaterThanOrEqual(3);
    expect(report).toMatchObject({corrections: 0, silent: 0, unwritten: 0});
  });

  it("finds out that a connection is silent, and asks meanwhile", async () => {
    const {writer, report, server, events} = await collecting(
      {table, speed: 400, untilMs: 16 * MINUTE, settings: {silentMs: 3 * MINUTE}},
      async (running) => {
        await until(running, 5 * MINUTE);
        running.server.isSilent = true;
        await until(running, 14 * MINUTE);
        running.server.isSilent = false;
      },
    );
    expect(writer.lines(START, START + 16 * MINUTE)).toEqual(wanted(0, 16 * MINUTE));
    expect(report.silent).toBeGreaterThanOrEqual(1);
    expect(server.connections).toBeGreaterThanOrEqual(2);
    expect(events.join("\n")).toMatch(/the connection is silent: no message for 180 s/);
  });

  it("keeps what the exchange corrects later as a further row", async () => {
    const {writer, report} = await collecting(
      {table, speed: 400, untilMs: 16 * MINUTE},
      async (running) => {
        await until(running, 8 * MINUTE);
        const place = {symbol: "ETHUSDT", time: opensAt(6)};
        running.server.market.correct(place, {high: 500, close: 444.44, volume: 7});
        running.server.send(place);
      },
    );
    const end = opensAt(7);
    const versions = writer.rows.filter(
      ({currencyPair, barEnd}) => currencyPair === "ETH_USDT" && barEnd === end,
    );
    expect(versions).toHaveLength(2);
    expect(versions[1]).toMatchObject({high: 500, close: 444.44, volume: 7});
    expect(versions[1]?.endDownloadTime).toBeGreaterThan(versions[0]?.endDownloadTime as number);
    expect(report).toMatchObject({corrections: 1});
  });

  it("takes a late candle when it comes, and leaves one out that never does", async () => {
    const {writer, report} = await collecting({
      table,
      speed: 400,
      untilMs: 16 * MINUTE,
      absent: 1,
      prepare({market}) {
        const [late, never] = [opensAt(5), opensAt(12)];
        market.hide({symbol: "BTCUSDT", time: late}, {until: START + 9 * MINUTE});
        market.hide({symbol: "SOLUSDT", time: never});
      },
    });
    const gone = linesOf(table, opensAt(12), opensAt(13)).filter((line) => line.startsWith("SOL"));
    expect(writer.lines(START, START + 16 * MINUTE)).toEqual(
      wanted(0, 16 * MINUTE).filter((line) => !gone.includes(line)),
    );
    expect(report.backfilled).toBeGreaterThanOrEqual(1);
  });

  it("does not take a candle whose last messages were lost for a whole one for long", async () => {
    const {writer} = await collecting({
      table,
      speed: 400,
      untilMs: 16 * MINUTE,
      prepare({market}) {
        market.hide(
          {symbol: "BTCUSDT", time: opensAt(6)},
          {from: opensAt(6) + MINUTE / 2, ways: ["websocket"]},
        );
      },
    });
    const versions = writer.rows.filter(
      ({currencyPair, barEnd}) => currencyPair === "BTC_USDT" && barEnd === opensAt(7),
    );
    const [line] = linesOf(table, opensAt(6), opensAt(7));
    expect(versions.length).toBeLessThanOrEqual(2);
    expect(line).toContain(` ${versions.at(-1)?.close} ${versions.at(-1)?.volume}`);
  });

  it("asks only, where the exchange has no websocket", async () => {
    const {writer, server, statuses} = await collecting({
      table,
      speed: 400,
      fromMs: -30 * MINUTE,
      untilMs: 10 * MINUTE,
      hasWebsocket: false,
    });
    expect(writer.lines(START - 30 * MINUTE, START + 10 * MINUTE)).toEqual(
      wanted(-30 * MINUTE, 10 * MINUTE),
    );
    expect(server.connections).toBe(0);
    expect(statuses.every(({isLive}) => !isLive)).toBe(true);
  });
});

describe.concurrent("collectBars and trouble", () => {
  it("waits out errors of the exchange", async () => {
    const {writer, report} = await collecting(
      {table, speed: 400, untilMs: 16 * MINUTE, hasWebsocket: false},
      async (running) => {
        await until(running, 4 * MINUTE);
        running.server.fail({status: 429, count: 4});
        await until(running, 8 * MINUTE);
        running.server.fail({status: 503, count: 4});
        await until(running, 12 * MINUTE);
        running.server.fail({status: 200, count: 4});
      },
    );
    expect(writer.lines(START, START + 16 * MINUTE)).toEqual(wanted(0, 16 * MINUTE));
    expect(report.errors).toBeGreaterThanOrEqual(12);
  });

  it("loses no bar while the store is gone", async () => {
    const {writer, report, events, statuses} = await collecting(
      {table, speed: 400, untilMs: 15 * MINUTE},
      async (running) => {
        await until(running, 5 * MINUTE);
        running.writer.isGone = true;
        await until(running, 12 * MINUTE);
        running.writer.isGone = false;
      },
    );
    expect(writer.lines(START, START + 15 * MINUTE)).toEqual(wanted(0, 15 * MINUTE));
    expect(Math.max(...statuses.map(({pending}) => pending))).toBeGreaterThanOrEqual(12);
    expect(report).toMatchObject({dropped: 0, unwritten: 0});
    expect(report.late).toBeGreaterThan(0);
    expect(events.join("\n")).toMatch(/the store is out of reach.*connection refused/);
    expect(events.join("\n")).toMatch(/the store is back/);
  });

  it("says when memory is full, and asks again for what it let go", async () => {
    const {writer, report, events} = await collecting(
      {table, speed: 400, untilMs: 25 * MINUTE, settings: {memoryBars: 9}},
      async (running) => {
        await waitFor(running, () => running.writer.rows.length >= 3 * 60);
        running.writer.isGone = true;
        await until(running, 16 * MINUTE);
        running.writer.isGone = false;
      },
    );
    expect(report.dropped).toBeGreaterThan(0);
    expect(events.join("\n")).toMatch(/more than 9 bars wait for the store/);
    expect(writer.lines(START, START + 25 * MINUTE)).toEqual(wanted(0, 25 * MINUTE));
  });

  it("ends cleanly when asked to: all that was received is written", async () => {
    const {writer, report, statuses, server} = await collecting(
      {table, speed: 400, untilMs: 0},
      async (running) => {
        await until(running, 10.2 * MINUTE);
        running.writer.isGone = true;
        await until(running, 12.2 * MINUTE);
        running.stop();
        running.writer.isGone = false;
      },
    );
    // The stop may come between the symbols of the last bar, which its status then tells.
    const last = statuses.filter(({missing}) => missing.length === 0).at(-1)?.barEnd as number;
    expect(last).toBeGreaterThanOrEqual(START + 9 * MINUTE);
    expect(writer.lines(START, last)).toEqual(linesOf(table, START, last));
    expect(report.unwritten).toBe(0);
    expect(server.openConnections).toBe(0);
  });

  it("says how many bars it could not write", async () => {
    const {report} = await collecting(
      {table, speed: 400, untilMs: 0, settings: {stopMs: 5_000}},
      async (running) => {
        await until(running, 3.2 * MINUTE);
        running.writer.isGone = true;
        await until(running, 6.2 * MINUTE);
        running.stop();
      },
    );
    expect(report.unwritten).toBeGreaterThanOrEqual(3);
  });
});
