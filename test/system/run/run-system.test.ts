import {existsSync, mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {ReckonError} from "../../../src/errors.js";
import {RunFolder} from "../../../src/runlog/reading/run-folder.js";
import {columnOf, selectColumns} from "../../../src/table/frame.js";
import {formatStamp, MINUTE_MS} from "../../../src/time/epoch.js";
import {letEventsIn} from "../../../src/time/system-clock.js";
import {
  mapBars,
  runSample,
  SAMPLE_END,
  SAMPLE_START,
  sampleBars,
  secondBars,
} from "../sample-run.js";

const FORECASTS = "process_forecasts_node_dict.process_forecasts_dict";

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "reckon-run-"));
});
afterAll(() => {
  rmSync(dir, {recursive: true, force: true});
});

describe("runSystem", () => {
  it("handles the bars in (start, end], on the wall clock of its data", async () => {
    const at = join(dir, "bars");
    const {record} = await runSample(at);
    const {statistics, wallClock} = await new RunFolder(at).portfolio();
    expect(record).toMatchObject({
      exit_state: "done",
      bars: 24,
      start_timestamp: formatStamp(SAMPLE_START),
    });
    expect(statistics.index[0]).toBe(SAMPLE_START + 5 * MINUTE_MS);
    expect(statistics.index.at(-1)).toBe(SAMPLE_END);
    expect(wallClock.map((wall, t) => wall - (statistics.index[t] as number))).toEqual(
      new Float64Array(24).fill(10_100),
    );
  });

  it("a file per bar and a file per stream read the same", async () => {
    const [a, b] = [join(dir, "per-bar"), join(dir, "per-stream")];
    await runSample(a, {files: "per-bar"});
    await runSample(b, {files: "per-stream"});
    const [perBar, perStream] = [new RunFolder(a), new RunFolder(b)];
    expect(await perBar.portfolio()).toEqual(await perStream.portfolio());
    expect(await perBar.targets()).toEqual(await perStream.targets());
    expect(await perBar.orders()).toEqual(await perStream.orders());
    expect(perBar.nodes()).toEqual(perStream.nodes());
    for (const node of perBar.nodes()) {
      expect(await perBar.nodeWindows(node)).toEqual(await perStream.nodeWindows(node));
    }
    expect((await perBar.timings()).map(({barEnd, id}) => [barEnd, id])).toEqual(
      (await perStream.timings()).map(({barEnd, id}) => [barEnd, id]),
    );
  });

  it("balances: net PnL is the change of net wealth, fees paid", async () => {
    const at = join(dir, "fees");
    await runSample(at, {overrideTexts: ["portfolio_config.broker_config.fee_bps=1.5"]});
    const {statistics} = await new RunFolder(at).portfolio();
    const [pnl, fees, wealth, volume] = ["pnl", "fees", "net_wealth", "gross_volume"].map((name) =>
      columnOf(statistics, name),
    ) as [Float64Array, Float64Array, Float64Array, Float64Array];
    expect(fees.reduce((sum, fee) => sum + fee, 0)).toBeGreaterThan(1);
    for (let t = 1; t < pnl.length; ++t) {
      expect(fees[t]).toBeCloseTo((volume[t] as number) * 1.5e-4, 9);
      const change = (wealth[t] as number) - (wealth[t - 1] as number);
      expect((pnl[t] as number) - (fees[t] as number)).toBeCloseTo(change, 6);
    }
  });

  it("scaling prices and cash scales PnL", async () => {
    const at = [join(dir, "unit"), join(dir, "scaled")] as const;
    const none = "process_forecasts_node_dict.process_forecasts_dict.share_quantization=null";
    await runSample(at[0], {overrideTexts: [none]});
    const kwargs =
      "process_forecasts_node_dict.process_forecasts_dict.optimizer_config.params.kwargs";
    const scale = 4;
    await runSample(at[1], {
      bars: mapBars(sampleBars(), (cells, name) =>
        name === "volume" ? cells : cells.map((x) => scale * x),
      ),
      overrideTexts: [
        none,
        `portfolio_config.initial_cash=${scale * 1e6}`,
        `${kwargs}.target_gmv=${scale * 1e6}`,
      ],
    });
    const [a, b] = await Promise.all(at.map((path) => new RunFolder(path).portfolio()));
    for (const name of ["pnl", "net_wealth", "gmv", "gross_volume"]) {
      const [one, four] = [a, b].map((run) =>
        columnOf((run as NonNullable<typeof a>).statistics, name),
      );
      one?.forEach((value, t) => {
        const relative =
          Math.abs((four?.[t] as number) - scale * value) / Math.max(1, Math.abs(scale * value));
        if (!Number.isNaN(value)) expect(relative).toBeLessThan(1e-9);
      });
    }
  });

  it("permuting the instruments permutes the results", async () => {
    const at = [join(dir, "order"), join(dir, "reversed")] as const;
    const symbols = sampleBars().symbols;
    await runSample(at[0]);
    await runSample(at[1], {bars: sampleBars([...symbols].reverse())});
    const [a, b] = await Promise.all(at.map((path) => new RunFolder(path).portfolio()));
    const backAgain = selectColumns((b as NonNullable<typeof b>).holdings_shares, symbols);
    expect(backAgain.data).toEqual(a?.holdings_shares.data);
  });

  it("on the wall clock, in real time, does what it does when time jumps", async () => {
    const seconds = secondBars(sampleBars().symbols.slice(0, 3), 40);
    const changes = {
      bars: seconds,
      start: 30_000,
      end: 33_000,
      files: "per-bar",
      choices: {exchange: "simulated", timeframe: "1s", instrumentIds: seconds.symbols},
      overrideTexts: [
        "trading_period=1S",
        "dag_runner_config.bar_duration_in_secs=1",
        "market_data_config.history_lookback=20S",
        "market_data_config.delay_in_secs=0.2",
        ...["reversal=2S", "momentum_fast=5S", "momentum_slow=9S", "volume_surprise=4S"].map(
          (text) => `dag_config.signals.${text}`,
        ),
        "dag_config.volatility.period=8S",
        `${FORECASTS}.order_config.order_duration_in_mins=${1 / 60}`,
      ],
    } as const;
    const [jump, live] = [join(dir, "jump"), join(dir, "live")];
    await runSample(jump, changes);
    await runSample(live, {...changes, pace: "real-time"});
    const [a, b] = [new RunFolder(jump), new RunFolder(live)];
    const [jumped, lived] = [await a.portfolio(), await b.portfolio()];
    expect(lived.holdings_shares).toEqual(jumped.holdings_shares);
    expect(lived.statistics).toEqual(jumped.statistics);
    expect(columnOf(lived.statistics, "gross_volume")[2]).toBeGreaterThan(0);
    lived.wallClock.forEach((wall, t) => {
      const late = wall - (jumped.wallClock[t] as number);
      expect(late).toBeGreaterThanOrEqual(0);
      expect(late).toBeLessThan(700);
    });
  });

  it("keeps an older folder under another name", async () => {
    const at = join(dir, "again");
    await runSample(at);
    const {preserved} = await runSample(at);
    expect(preserved).toMatch(/again\.\d{8}_\d{6}/);
    expect(existsSync(join(preserved as string, "run.json"))).toBe(true);
  });

  it("listens while it jumps: a signal from outside stops it within a few bars", async () => {
    const stop = new AbortController();
    let bars = 0;
    const onBar = (): void => {
      bars += 1;
      if (bars === 1) {
        void letEventsIn().then(() => stop.abort(new ReckonError("interrupted", "told to stop")));
      }
    };
    const options = {signal: stop.signal, onBar};
    const at = join(dir, "listens");
    await expect(runSample(at, {files: "per-stream", options})).rejects.toThrow("told to stop");
    expect(bars).toBeLessThanOrEqual(16);
    expect(new RunFolder(at).runRecord()).toMatchObject({exit_state: "interrupted", bars});
  });

  it("an interrupted run keeps what it recorded and says so", async () => {
    const at = join(dir, "interrupted");
    const controller = new AbortController();
    let bars = 0;
    const onBar = () => {
      bars += 1;
      if (bars === 5) controller.abort(new Error("asked to stop"));
    };
    await expect(
      runSample(at, {options: {signal: controller.signal, onBar}}),
    ).rejects.toMatchObject({
      code: "interrupted",
    });
    const run = new RunFolder(at);
    expect(run.runRecord()).toMatchObject({
      exit_state: "interrupted",
      bars: 5,
      error: "asked to stop",
    });
    expect((await run.portfolio()).statistics.index.length).toBe(5);
  });

  const refused: [name: string, changes: Parameters<typeof runSample>[1], message: RegExp][] = [
    ["start at the end", {end: SAMPLE_START}, /--end-timestamp: expected a time after the start/],
    [
      "an unknown model",
      {model: "C1x"},
      /unknown model "C1x"; known: mock1, C1; did you mean "C1"\?/,
    ],
    [
      "an unknown config key",
      {overrideTexts: ["portfolio_config.cash=1"]},
      /unknown config key "cash"/,
    ],
    [
      "an order type without its prices",
      {
        overrideTexts: [`${FORECASTS}.order_config.order_type="midpoint@end"`],
      },
      /order_type "midpoint@end": expected market data with the columns bid, ask/,
    ],
    [
      "a parameter of the wrong kind",
      {overrideTexts: ["dag_config.signals.reversal=5"]},
      /dag_config\.signals\.reversal: expected a period such as 1h, found 5/,
    ],
  ];
  it.each(refused)("refuses %s before it touches the folder", async (_name, changes, message) => {
    const at = join(dir, "refused");
    await expect(runSample(at, changes)).rejects.toThrow(message);
    expect(existsSync(at)).toBe(false);
  });
});
