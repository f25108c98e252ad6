import {sql} from "kysely";
import {describe, expect, it} from "vitest";
import {appendStream} from "../../../src/store/streams/append-stream.js";
import {bidAskStream, resampledBidAskStream} from "../../../src/store/streams/bid-ask.js";
import {readStream} from "../../../src/store/streams/read-stream.js";
import {createStream, defineStream, type StreamEntry} from "../../../src/store/streams/stream.js";
import {MINUTE_MS} from "../../../src/time/epoch.js";
import {SimulatedClock} from "../../../src/time/simulated-clock.js";
import {describeEachStore} from "../on-each-store.js";

const START = Date.UTC(2025, 8, 1);
const funding = defineStream({
  name: "funding",
  keys: {venue: "text", instrument: "text"},
  columns: ["rate", "mark"],
  intervalMs: 1_000,
});

function entry(second: number, rate: number, more: Partial<StreamEntry> = {}): StreamEntry {
  const eventTime = START + second * 1_000;
  return {
    key: {venue: "v", instrument: "BTC"},
    eventTime,
    values: {rate, mark: 100 + second},
    endDownloadTime: eventTime + 50,
    knowledgeTime: eventTime + 50,
    ...more,
  };
}

describe("defineStream", () => {
  const usual = {name: "s", keys: {a: "text"}, columns: ["x"]} as const;
  const bad: [what: string, spec: Parameters<typeof defineStream>[0], message: RegExp][] = [
    ["a name that is SQL", {...usual, name: 's"; DROP TABLE runs'}, /small letters/],
    ["a column of every stream", {...usual, columns: ["version"]}, /none of id.*found version/],
    ["a column twice", {...usual, columns: ["a"]}, /different names/],
    ["no key", {...usual, keys: {}}, /1 to 8 key columns/],
    ["no value", {...usual, columns: []}, /at least one value/],
    ["a short interval", {...usual, intervalMs: 500}, /at least 1 s, found 500 ms/],
  ];
  it.each(bad)("refuses %s", (_what, spec, message) => {
    expect(() => defineStream(spec)).toThrow(message);
  });
});

describeEachStore("a stream of one's own", (store) => {
  const clock = new SimulatedClock(START);
  const create = () => createStream(store(), funding, clock);

  it("is made once, and refused in another shape", async () => {
    await create();
    await create();
    const other = defineStream({...funding, columns: ["rate"]});
    await expect(createStream(store(), other, clock)).rejects.toThrow(/stream funding of .*shape/);
  });

  it("gives the last seconds, as known then, column by column", async () => {
    await create();
    const entries = [0, 1, 2, 3].map((second) => entry(second, second / 10));
    expect(await appendStream(store(), funding, entries)).toBe(4);
    const late = entry(2, 0.9, {knowledgeTime: START + 10_000});
    expect(await appendStream(store(), funding, [late, ...entries])).toBe(1);

    const soon = await readStream(store(), funding, {last: "2s", asOf: START + 3_050});
    expect(soon).toEqual([
      {
        key: {venue: "v", instrument: "BTC"},
        eventTime: Float64Array.of(START + 2_000, START + 3_000),
        knowledgeTime: Float64Array.of(START + 2_050, START + 3_050),
        columns: new Map([
          ["rate", Float64Array.of(0.2, 0.3)],
          ["mark", Float64Array.of(102, 103)],
        ]),
      },
    ]);
    const range = {from: START + 1_000, to: START + 2_000} as const;
    const [later] = await readStream(store(), funding, range);
    expect(later?.columns.get("rate")).toEqual(Float64Array.of(0.9));
    const early = await readStream(store(), funding, {...range, asOf: START + 9_999});
    expect(early[0]?.columns.get("rate")).toEqual(Float64Array.of(0.2));
  });

  it("gives one series per key, and only the keys asked for", async () => {
    await create();
    const eth = [5, 6].map((second) =>
      entry(second, second, {key: {venue: "w", instrument: "ETH"}}),
    );
    await appendStream(store(), funding, [...eth, entry(5, 1)]);
    const range = {from: START + 4_000, to: START + 6_000};
    const all = await readStream(store(), funding, range);
    expect(all.map(({key, eventTime}) => [key.instrument, eventTime.length])).toEqual([
      ["BTC", 1],
      ["ETH", 2],
    ]);
    const one = await readStream(store(), funding, {...range, keys: {instrument: ["ETH"]}});
    expect(one.map(({key}) => key.venue)).toEqual(["w"]);
    expect(await readStream(store(), funding, {...range, keys: {venue: []}})).toEqual([]);
    await expect(readStream(store(), funding, {...range, keys: {colour: ["red"]}})).rejects.toThrow(
      /keys among venue, instrument, found colour/,
    );
  });

  it("refuses a row that lacks a value or a time", async () => {
    await create();
    const lacking = entry(1, 1, {values: {rate: 1}});
    await expect(appendStream(store(), funding, [lacking])).rejects.toThrow(/a value of mark/);
    const timeless = entry(1, 1, {eventTime: NaN});
    await expect(appendStream(store(), funding, [timeless])).rejects.toThrow(/eventTime/);
  });

  it("reads more rows than one page", async () => {
    const many = defineStream({name: "many", keys: {k: "text"}, columns: ["x"]});
    await createStream(store(), many, clock);
    await sql`
      INSERT INTO stream_many (k, timestamp, x, end_download_timestamp, knowledge_timestamp)
      SELECT CASE WHEN i < 50005 THEN 'a' ELSE 'b' END, ${START}::bigint + i, i, now(), now()
      FROM generate_series(0, 50009) AS i`.execute(store().db);
    const read = await readStream(store(), many, {from: START - 1, to: START + MINUTE_MS});
    expect(read.map(({columns}) => columns.get("x")?.length)).toEqual([50_005, 5]);
    expect(read.flatMap(({columns}) => [...(columns.get("x") ?? [])])).toEqual(
      Array.from({length: 50_010}, (_, i) => i),
    );
  });
});

describeEachStore("quotes in the store", (store) => {
  it("come back level by level, raw and resampled", async () => {
    for (const market of ["spot", "futures"] as const) {
      for (const stream of [bidAskStream(market), resampledBidAskStream(market)]) {
        const values = Object.fromEntries(stream.columns.map((name, i) => [name, i + 0.5]));
        const row = {
          key: {exchange_id: "binance", currency_pair: "BTC_USDT", level: 1},
          eventTime: START + MINUTE_MS,
          values,
          endDownloadTime: START,
          knowledgeTime: START,
        };
        const second = {...row, key: {...row.key, level: 2}};
        expect(await appendStream(store(), stream, [row, second])).toBe(2);
        expect(await appendStream(store(), stream, [row, second])).toBe(0);
        const read = await readStream(store(), stream, {from: START, to: START + MINUTE_MS});
        expect(read.map(({key}) => key.level)).toEqual([1, 2]);
        expect(Object.fromEntries(read[1]?.columns ?? [])).toEqual(
          Object.fromEntries(stream.columns.map((name, i) => [name, Float64Array.of(i + 0.5)])),
        );
      }
    }
  });
});
