import {readdirSync, readFileSync} from "node:fs";
import {join} from "node:path";
import {gunzipSync} from "node:zlib";
import {describe, expect, it} from "vitest";
import {type NodeRun, nodeStem, runDag} from "../../src/dag/run-dag.js";
import {marketPanel} from "../../src/market/market-panel.js";
import {mock1} from "../../src/models/mock1.js";
import {systemConfigOf} from "../../src/system/run/system-config-of.js";
import {parseCsv, parseNumberCell} from "../../src/table/csv.js";
import {countUpTo} from "../../src/table/frame.js";
import {slicePanel} from "../../src/table/panel.js";
import {MINUTE_MS} from "../../src/time/epoch.js";
import {parseUtc} from "../../src/time/utc-text.js";
import {HAS_SHARED, NEEDS_SHARED, readOracleBars, SHARED_DIR} from "../oracles/shared.js";

const NODES = join(SHARED_DIR, "oracles/system/10_mock1_system_log_dir/dag/node_io/node_io.data");
const LAST_BAR = "2000-01-01 10:05:00-05:00";
/** Columns the reference carries along that are no features. */
const NOT_FEATURES = ["start_datetime", "timestamp_db"];

describe.skipIf(!HAS_SHARED)(`mock1's nodes as the reference recorded them${NEEDS_SHARED}`, () => {
  const runs = new Map<string, NodeRun>();
  if (HAS_SHARED) {
    const choices = {runMode: "simulation", exchange: "mock", instrumentIds: ["101"]} as const;
    const {dag_config} = systemConfigOf(mock1, choices);
    const dag = mock1.dag(dag_config, 5 * MINUTE_MS);
    const all = marketPanel(readOracleBars("10_mock1_market_df1.csv", MINUTE_MS));
    const market = slicePanel(all, 0, countUpTo(all.index, parseUtc(LAST_BAR)));
    runDag(dag, {market}, {onNode: (run) => runs.set(nodeStem(run), run)});
  }

  it("has the reference's ten nodes, in its order", () => {
    const names = readdirSync(NODES).map((name) => name.split(".df_out.")[0]);
    expect([...runs.keys()].sort()).toEqual([...new Set(names)].sort());
  });

  it.each([...runs.keys()])("%s, every feature at every bar", (stem) => {
    const {output} = runs.get(stem) as NodeRun;
    const file = readdirSync(NODES).find(
      (name) => name.startsWith(`${stem}.df_out.20000101_100500`) && name.endsWith(".csv.gz"),
    ) as string;
    const [heads = [], , , ...rows] = parseCsv(
      gunzipSync(readFileSync(join(NODES, file))).toString("utf8"),
    );
    expect(rows.length).toBeGreaterThan(6);
    for (const row of rows) {
      const t = output.index.indexOf(parseUtc(row[0] as string));
      for (const [j, name] of heads.entries()) {
        if (j > 0 && !NOT_FEATURES.includes(name)) {
          const [cells] = output.features.get(name) as [Float64Array];
          const [actual, wanted] = [cells[t] as number, parseNumberCell(row[j] as string)];
          const isEqual = Object.is(actual, wanted) || Math.abs(actual - wanted) <= 1e-12;
          expect(isEqual, `${name} at ${row[0]}: ${actual} for ${wanted}`).toBe(true);
        }
      }
    }
  });
});
