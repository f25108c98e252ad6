import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {recordedConfig} from "../../src/backtest/research-portfolio.js";
import {RunFolder} from "../../src/runlog/reading/run-folder.js";
import {HAS_SHARED, NEEDS_SHARED, SHARED_DIR} from "../oracles/shared.js";

describe.skipIf(!HAS_SHARED)(`recordedConfig${NEEDS_SHARED}`, () => {
  it("says why a run of the reference system cannot be run again", () => {
    const run = new RunFolder(join(SHARED_DIR, "oracles/system/10_mock1_system_log_dir"));
    expect(run.layout).toBe("reference");
    expect(() => recordedConfig(run)).toThrow(
      /10_mock1_system_log_dir: expected a run of reckon, .* found one of the reference system/,
    );
  });
});
