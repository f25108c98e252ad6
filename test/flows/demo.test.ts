import {execFile} from "node:child_process";
import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {promisify} from "node:util";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {HAS_SHARED, NEEDS_SHARED, SHARED_DIR} from "../oracles/shared.js";
import {checkDemo} from "./demo-checks.js";

const MAIN = fileURLToPath(new URL("../../dist/src/cli/main.js", import.meta.url));

// The demo on the simulated market is a block of the README, and checked with it.
describe.runIf(HAS_SHARED)(`the demo on recorded bars${NEEDS_SHARED}`, () => {
  let dir: string;
  let verdict: unknown;
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), "reckon-demo-"));
    const data = join(SHARED_DIR, "data", "binance_perp_5m");
    const command = [MAIN, "demo", "--json", "--dst-dir", join(dir, "demo"), "--data", data];
    const {stdout} = await promisify(execFile)(process.execPath, command, {timeout: 240_000});
    verdict = JSON.parse(stdout).verdict;
  }, 250_000);
  afterAll(() => {
    rmSync(dir, {recursive: true, force: true});
  });

  it("paper and replay agree exactly", () => {
    expect(verdict).toBe("identical");
  });

  checkDemo({
    folder: () => join(dir, "demo"),
    windows: ["since_2025", "last_24hours", "last_5minutes"],
    says: /binance 5m/,
  });
});
