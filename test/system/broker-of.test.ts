import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {RunFolder} from "../../src/runlog/reading/run-folder.js";
import {HOUR_MS, MINUTE_MS} from "../../src/time/epoch.js";
import type {Broker} from "../../src/trading/brokers/broker.js";
import type {Fill} from "../../src/trading/orders/fill.js";
import type {Order} from "../../src/trading/orders/order.js";
import {runSample, SAMPLE_START, sampleBars} from "./sample-run.js";

const FEE = "portfolio_config.broker_config.fee_bps=3";
const bars = sampleBars(sampleBars().symbols.slice(0, 3));
const end = SAMPLE_START + HOUR_MS / 2;

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "reckon-broker-of-"));
});
afterAll(() => {
  rmSync(root, {recursive: true, force: true});
});

describe("simulation_with_replayed_fills", () => {
  const runMode = "simulation_with_replayed_fills";

  it("has the portfolio of the recorded run, and orders of its own", async () => {
    const recorded = join(root, "recorded");
    const dir = join(root, "replayed");
    await runSample(recorded, {bars, end, overrideTexts: [FEE]});
    await runSample(dir, {bars, end, runMode, replayFillsFrom: recorded});
    const [before, after] = [new RunFolder(recorded), new RunFolder(dir)];
    expect(await after.portfolio()).toEqual(await before.portfolio());
    expect(await after.orders()).toEqual(await before.orders());
    expect((await after.fills()).length).toBeGreaterThan(3);
  });

  it("follows the record where its own orders differ", async () => {
    const recorded = join(root, "recorded-first");
    const dir = join(root, "replayed-other");
    const half = "process_forecasts_node_dict.process_forecasts_dict.optimizer_config";
    await runSample(recorded, {bars, end});
    await runSample(dir, {
      bars,
      end,
      runMode,
      replayFillsFrom: recorded,
      overrideTexts: [`${half}.params.kwargs.target_gmv=500000`],
    });
    const [before, after] = [new RunFolder(recorded), new RunFolder(dir)];
    expect(await after.fills()).toEqual(await before.fills());
    expect(await after.orders()).not.toEqual(await before.orders());
  });

  it("names the instruments of the record that it lacks", async () => {
    const recorded = join(root, "recorded-more");
    await runSample(recorded, {bars, end});
    const fewer = sampleBars(bars.symbols.slice(0, 2));
    const run = runSample(join(root, "fewer"), {
      bars: fewer,
      end,
      runMode,
      replayFillsFrom: recorded,
    });
    await expect(run).rejects.toThrow(new RegExp(`found fills of ${bars.symbols[2]}`));
  });

  it("needs a record", async () => {
    await expect(runSample(join(root, "none"), {bars, end, runMode})).rejects.toThrow(
      /the run folder whose fills are replayed, found none; give --replay-fills RUN_FOLDER/,
    );
  });
});

/** Fills everything at once at a price of 10, as an exchange that is always there would. */
function eagerBroker() {
  const seen: Order[] = [];
  let waiting: Fill[] = [];
  const broker: Broker = {
    async submitOrders(orders) {
      for (const order of orders) {
        const {start: time, diffShares: shares} = order;
        waiting.push({...order, fillId: seen.length, time, shares, price: 10, fee: 0});
        seen.push(order);
      }
    },
    async takeFills() {
      const taken = waiting;
      waiting = [];
      return taken;
    },
  };
  return {broker, seen};
}

describe("prod", () => {
  it("is refused without a broker that trades for real", async () => {
    await expect(runSample(join(root, "prod"), {bars, end, runMode: "prod"})).rejects.toThrow(
      /"prod", for which there is no broker/,
    );
  });

  it("runs with the broker that is passed in", async () => {
    const dir = join(root, "prod-own");
    const {broker, seen} = eagerBroker();
    const day = (time: number) => new Date(time).toISOString().slice(0, 10).replaceAll("-", "");
    await runSample(dir, {
      bars,
      end,
      runMode: "prod",
      broker: ({config, clock}) => {
        expect(config.run_mode).toBe("prod");
        expect(day(clock.now())).toBe(day(SAMPLE_START));
        return broker;
      },
    });
    const folder = new RunFolder(dir);
    expect(seen.length).toBeGreaterThan(3);
    expect((await folder.orders()).map(({orderId}) => orderId)).toEqual(
      seen.map(({orderId}) => orderId),
    );
    expect((await folder.fills()).every(({price}) => price === 10)).toBe(true);
  });
});

describe("fill_mode twap", () => {
  it("fills in parts no shorter than the market's bars", async () => {
    const dir = join(root, "twap");
    const duration =
      "process_forecasts_node_dict.process_forecasts_dict.order_config.order_duration_in_mins=10";
    const twap = 'portfolio_config.broker_config.fill_mode="twap"';
    const period = ["dag_runner_config.bar_duration_in_secs=600", 'trading_period="10T"'];
    await runSample(dir, {bars, end, overrideTexts: [twap, duration, ...period]});
    const folder = new RunFolder(dir);
    const [first] = await folder.orders();
    const parts = (await folder.fills()).filter(({orderId}) => orderId === first?.orderId);
    expect(parts.map(({time}) => time - (first?.end as number))).toEqual([-5 * MINUTE_MS, 0]);
    const total = parts.reduce((sum, {shares}) => sum + shares, 0);
    expect(total).toBeCloseTo(first?.diffShares as number, 9);
  });
});
