import {existsSync, mkdtempSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, expect, it} from "vitest";
import type {Restriction} from "../../src/config/system-config.js";
import {readOpeningState} from "../../src/runlog/opening-state.js";
import {RunFolder} from "../../src/runlog/reading/run-folder.js";
import {
  RESTRICTION_CHANGES_FILE,
  readRestrictionChanges,
} from "../../src/runlog/restriction-changes.js";
import type {Store} from "../../src/store/open/open-store.js";
import {DAY_MS, type EpochMs, formatStamp, HOUR_MS, toIso} from "../../src/time/epoch.js";
import type {BarOutcome} from "../../src/trading/targets/process-forecasts.js";
import {describeEachStore} from "../store/on-each-store.js";
import {UNRESTRICTED} from "../trading/unrestricted.js";
import {runSample, SAMPLE_END, SAMPLE_START} from "./sample-run.js";
import {BARS, DATABASE, IDENTICAL, layersOf, openStoreOf, SECOND, SLOW} from "./stored-sample.js";

const DEFAULT_STRATEGY = "SAU1";

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "reckon-restrictions-"));
});
afterAll(() => {
  rmSync(root, {recursive: true, force: true});
});

const logOf = (dir: string): string => readFileSync(join(dir, "log.txt"), "utf8");

/** Puts restrictions of a day into the table, the sample's own where none is named. */
async function restrict(
  {db}: Store,
  {account, day = SAMPLE_START}: {readonly account: string; readonly day?: EpochMs},
  rows: readonly Restriction[],
) {
  const owner = {strategyid: DEFAULT_STRATEGY, account, tradedate: toIso(day).slice(0, 10)};
  const values = rows.map((row) => ({...owner, ...row, timestamp_db: toIso(SAMPLE_START)}));
  await db.insertInto("restrictions").values(values).execute();
}

describeEachStore("what the table restrictions forbids", (store) => {
  it("trades nothing that the table restrictions forbids, nor does its replay", async () => {
    const dir = join(root, `${store().kind}.restricted`);
    const account = `${store().kind}.restricted`;
    const [first, second, third] = BARS.symbols as [string, string, string];
    await restrict(store(), {account}, [
      {...UNRESTRICTED, asset_id: first, is_restricted: true},
      {...UNRESTRICTED, asset_id: second, is_sell_short_restricted: true},
      {...UNRESTRICTED, asset_id: "NOT_IN_THE_RUN", is_restricted: true},
    ]);
    const dict = "process_forecasts_node_dict.process_forecasts_dict";
    const own = JSON.stringify([{...UNRESTRICTED, asset_id: second, is_buy_restricted: true}]);
    const common = [SLOW, `cf_config.account=${account}`, `${dict}.restrictions=${own}`];
    const overrideTexts = [DATABASE, ...common];
    const openStore = openStoreOf(store());
    await runSample(dir, {...SECOND, overrideTexts, openStore, runMode: "paper_trading"});
    const traded = new Set(
      (await new RunFolder(dir).orders()).map(({instrumentId}) => instrumentId),
    );
    expect([...traded]).toEqual([third]);
    expect(
      readOpeningState(dir)
        ?.restrictions.map((one) => one.asset_id)
        .sort(),
    ).toEqual([first, second, "NOT_IN_THE_RUN"].sort());
    await store().db.deleteFrom("restrictions").where("account", "=", account).execute();
    await runSample(`${dir}.again`, {...SECOND, overrideTexts, openStore, openingFrom: dir});
    expect(await layersOf(dir, `${dir}.again`)).toEqual(IDENTICAL);
    expect(existsSync(join(dir, RESTRICTION_CHANGES_FILE))).toBe(false);
    expect(logOf(dir)).not.toContain("restrictions changed");
  });

  it("follows restrictions that change while it trades, and so does its replay", async () => {
    const account = `${store().kind}.changing`;
    const dir = join(root, account);
    const openStore = openStoreOf(store());
    const overrideTexts = [DATABASE, SLOW, `cf_config.account=${account}`];
    const [first] = BARS.symbols as [string];
    const all = BARS.symbols.map((asset_id) => ({...UNRESTRICTED, asset_id, is_restricted: true}));
    const bars: number[] = [];
    let pending = Promise.resolve();
    const onBar = ({barEnd}: BarOutcome): void => {
      bars.push(barEnd);
      if (bars.length === 1) {
        pending = restrict(store(), {account}, all);
      }
    };
    const paper = {overrideTexts, openStore, runMode: "paper_trading"} as const;
    await runSample(dir, {...SECOND, ...paper, options: {onBar}});
    await pending;
    const orders = await new RunFolder(dir).orders();
    const changes = readRestrictionChanges(dir);
    expect(changes).toHaveLength(1);
    const from = changes[0]?.barEnd as number;
    expect(bars.indexOf(from)).toBeGreaterThan(0);
    expect(changes[0]?.restrictions.map((one) => one.asset_id)).toContain(first);
    expect(orders.length).toBeGreaterThan(0);
    expect(orders.every(({barEnd}) => barEnd < from)).toBe(true);
    expect(logOf(dir)).toContain("restrictions changed");
    await store().db.deleteFrom("restrictions").where("account", "=", account).execute();
    const again = `${dir}.again`;
    await runSample(again, {...SECOND, overrideTexts, openStore, openingFrom: dir});
    expect(await layersOf(dir, again)).toEqual(IDENTICAL);
    expect(readRestrictionChanges(again)).toEqual(changes);
  });

  it.each([
    ["the new day's after midnight where no trade date is set", [], 1],
    ["those of the trade date that is set, all night", ['cf_config.trade_date="DAY"'], 0],
  ])("obeys %s", async (_what, texts, changed) => {
    const account = `${store().kind}.midnight.${changed}`;
    const midnight = SAMPLE_END - DAY_MS;
    const day = formatStamp(midnight - 1).slice(0, 8);
    const rows = BARS.symbols.map((asset_id) => ({...UNRESTRICTED, asset_id, is_restricted: true}));
    await restrict(store(), {account, day: midnight}, rows);
    const dir = join(root, account);
    await runSample(dir, {
      bars: BARS,
      start: midnight - HOUR_MS / 4,
      end: midnight + HOUR_MS / 4,
      overrideTexts: [
        ...[DATABASE, SLOW, `cf_config.account=${account}`],
        ...texts.map((text) => text.replace("DAY", day)),
      ],
      openStore: openStoreOf(store()),
      runMode: "paper_trading",
    });
    expect(readOpeningState(dir)?.restrictions).toEqual([]);
    const changes = readRestrictionChanges(dir);
    expect(changes.map(({barEnd}) => barEnd)).toEqual(changed === 1 ? [midnight] : []);
    const orders = await new RunFolder(dir).orders();
    expect(orders.some(({barEnd}) => barEnd < midnight)).toBe(true);
    expect(orders.some(({barEnd}) => barEnd >= midnight)).toBe(changed === 0);
  });
});
