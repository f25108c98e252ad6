import {mkdtempSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {Ajv2020} from "ajv/dist/2020.js";
import {describe, expect, it} from "vitest";
import {z} from "zod";
import {reconciliationJson} from "../../../src/reconcile/json/reconciliation-json.js";
import {reconciliationSchema} from "../../../src/reconcile/json/reconciliation-schema.js";
import {reconcileRuns} from "../../../src/reconcile/reconcile-runs.js";
import {verdict} from "../../../src/report/reconciliation/verdict.js";
import {RunFolder} from "../../../src/runlog/reading/run-folder.js";
import {runSample} from "../../system/sample-run.js";

const PUBLISHED = JSON.parse(readFileSync("docs/reconciliation.schema.json", "utf8")) as object;

/** Ajv knows the syntax of the schema; formats are told to it. */
function validate(value: unknown): string {
  const ajv = new Ajv2020({strictTypes: false, formats: {"date-time": /^\d{4}-\d\d-\d\dT.*Z$/}});
  const isValid = ajv.validate(PUBLISHED, JSON.parse(JSON.stringify(value)));
  return isValid ? "valid" : ajv.errorsText();
}

describe("reconciliation.json", () => {
  it("has the schema that is published", () => {
    expect(PUBLISHED).toEqual(JSON.parse(JSON.stringify(z.toJSONSchema(reconciliationSchema))));
  });

  it("says first divergence, cause, layers and cost, and keeps to the schema", async () => {
    const root = mkdtempSync(join(tmpdir(), "reckon-json-"));
    try {
      await runSample(join(root, "prod"), {runMode: "paper_trading"});
      await runSample(join(root, "sim"), {
        overrideTexts: ["portfolio_config.broker_config.fee_bps=2"],
      });
      const [prod, sim] = [new RunFolder(join(root, "prod")), new RunFolder(join(root, "sim"))];
      const same = await reconcileRuns(prod, prod);
      const clean = reconciliationJson(same, verdict(same).text);
      expect(validate(clean)).toBe("valid");
      expect(clean).toMatchObject({
        version: 1,
        status: "identical",
        tolerance: {relative: 1e-5, percent: 1e-3},
        bars: {prod: 24, sim: 24},
        first_divergence: null,
        cause: null,
        pnl_explained: {total: 0},
        not_compared: [],
      });
      const found = await reconcileRuns(prod, sim);
      const json = reconciliationJson(found, verdict(found).text);
      expect(validate(json)).toBe("valid");
      expect(json.first_divergence).toEqual({
        layer: "config",
        bar: null,
        node: "",
        instrument: "",
        field: "portfolio_config.broker_config.fee_bps",
        prod: "0",
        sim: "2",
        absolute: null,
        percent: null,
      });
      expect(json.cause).toMatchObject({name: "config", confidence: "certain"});
      expect(json.layers.map(({name, status}) => `${name}: ${status}`)).toEqual([
        "config: differs",
        "market data: identical",
        "DAG nodes: identical",
        "target positions: identical",
        "orders and fills: differs",
        "holdings: differs",
        "PnL: differs",
      ]);
      const total = json.pnl_explained?.total ?? 0;
      expect(total).toBeGreaterThan(0);
      expect(json.pnl_explained?.parts.fees).toBeCloseTo(total, 9);
      expect(validate({...json, status: "fine"})).toMatch(/status must be equal to one of/);
    } finally {
      rmSync(root, {recursive: true, force: true});
    }
  });
});
