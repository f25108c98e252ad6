import {spawn} from "node:child_process";
import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import process from "node:process";
import {fileURLToPath} from "node:url";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {unlockTree} from "../../src/flows/reconcile/write-permission.js";
import {makeSimulatedMarket} from "../../src/market/simulated/simulated-market.js";
import {treeOf} from "../flows/reconcile/reconciliation-tree.js";
import {counts, randomOf, seed} from "./seeded.js";

const MAIN = fileURLToPath(new URL("../../dist/src/cli/main.js", import.meta.url));
const PATH = join("C1", "paper_trading", "scheduled", "20250901_200000.20250901_203000");

let dir: string;
let runDir: string;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "reckon-reconciliations-"));
  await makeSimulatedMarket({dataDir: join(dir, "data")});
  runDir = join(dir, "prod", PATH, "system_log_dir");
  const when = ["--start-timestamp", "20250901_200000", "--end-timestamp", "20250901_203000"];
  const what = ["run", "--model", "C1", "--run-mode", "paper_trading", ...when];
  expect(await command([...what, "--dst-dir", runDir, "--data-dir", join(dir, "data")])).toBe(0);
}, 120_000);
afterAll(() => {
  unlockTree(dir);
  rmSync(dir, {recursive: true, force: true});
});

/** Runs a command line; its exit code, or null when it was killed. */
async function command(args: readonly string[], killAfterMs?: number): Promise<number | null> {
  const child = spawn(process.execPath, [MAIN, ...args], {stdio: "ignore"});
  const timer = setTimeout(() => child.kill("SIGKILL"), killAfterMs ?? 100_000);
  const exit = await new Promise<number | null>((resolve) => child.once("exit", resolve));
  clearTimeout(timer);
  return exit;
}

function reconcile(dst: string, killAfterMs?: number): Promise<number | null> {
  const places = ["--dst-root-dir", dst, "--data-dir", join(dir, "data")];
  const flags = ["--run-dir", runDir, ...places, "--no-abort-if-exists"];
  return command(["reconcile", "all", ...flags], killAfterMs);
}

describe(`a reconciliation that is killed, --seed ${seed}`, () => {
  it(`and made again is the same, at each of ${counts.reconciliations} moments`, async () => {
    const startMs = performance.now();
    expect(await reconcile(join(dir, "whole"))).toBe(0);
    const wholeMs = performance.now() - startMs;
    const whole = treeOf(join(dir, "whole", PATH));
    const random = randomOf(seed);
    let killed = 0;
    for (let i = 0; i < counts.reconciliations; ++i) {
      const dst = join(dir, `killed-${i}`);
      const exit = await reconcile(dst, wholeMs * (0.2 + 0.8 * random()));
      killed += exit === null ? 1 : 0;
      expect(await reconcile(dst)).toBe(0);
      expect(treeOf(join(dst, PATH))).toEqual(whole);
    }
    expect(killed).toBeGreaterThan(0);
  }, 600_000);
});
