import {describe, expect, it} from "vitest";
import {HAS_SHARED, NEEDS_SHARED} from "../shared.js";
import {METRIC_FILES} from "./metric-cases.js";

/** Which test reads a file; one that none reads is a case that nothing covers. */
const READERS: Readonly<Record<string, string>> = {
  "cross_implementation_daily_crypto.json": "cross-implementation.test.ts",
  "empyrical_cases.json": "empyrical.test.ts",
  "freqtrade_metrics.json": "freqtrade.test.ts",
  "nautilus_positions.json": "../../finance/account/position.test.ts",
  "nautilus_statistics.json": "nautilus.test.ts",
  "pyfolio_cases.json": "pyfolio.test.ts",
};

describe.skipIf(!HAS_SHARED)(`metrics oracles${NEEDS_SHARED}`, () => {
  it("every file has a test that reads it", () => {
    expect(METRIC_FILES).toEqual(Object.keys(READERS));
  });
});
