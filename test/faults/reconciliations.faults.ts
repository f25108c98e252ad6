import {spawn} from "node:child_process";
import {cpSync, existsSync, mkdtempSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import process from "node:process";
import {fileURLToPath} from "node:url";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import type {StepName} from "../../src/cli/reconcile/step-flags.js";
import {unlockTree} from "../../src/flows/reconcile/write-permission.js";
import {makeSimulatedMarket} from "../../src/market/simulated/simulated-market.js";
import {flagsFor} from "../flows/reconcile/flags-for.js";
import {treeOf} from "../flows/reconcile/reconciliation-tree.js";
import {counts, randomOf, seed} from "./seeded.js";

const MAIN = fileURLToPath(new URL("../../dist/src/cli/main.js", import.meta.url));
const KILL_AT = new URL("./kill-at.mjs", import.meta.url).href;
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
async function command(
  args: readonly string[],
  {afterMs, env}: {readonly afterMs?: number; readonly env?: Record<string, string>} = {},
): Promise<number | null> {
  const preload = env === undefined ? [] : ["--import", KILL_AT];
  const options = {stdio: "ignore", env: {...process.env, ...env}} as const;
  const child = spawn(process.execPath, [...preload, MAIN, ...args], options);
  const timer = setTimeout(() => child.kill("SIGKILL"), afterMs ?? 100_000);
  const exit = await new Promise<number | null>((resolve) => child.once("exit", resolve));
  clearTimeout(timer);
  return exit;
}

/** A step of the reconciliation of the run, as a command line. */
function reconcile(step: StepName, dst: string, ...more: readonly string[]): string[] {
  const places = {"dst-root-dir": dst, "data-dir": join(dir, "data")};
  return ["reconcile", step, "--run-dir", runDir, ...flagsFor(step, places), ...more];
}

/** Made without being disturbed. */
async function wholeTree(): Promise<string[]> {
  const dst = join(dir, "whole");
  if (!existsSync(dst)) {
    expect(await command(reconcile("all", dst))).toBe(0);
  }
  return treeOf(join(dst, PATH));
}

describe(`a reconciliation that is killed, --seed ${seed}`, () => {
  it(`and made again is the same, at each of ${counts.reconciliations} moments`, async () => {
    const startMs = performance.now();
    const whole = await wholeTree();
    const wholeMs = performance.now() - startMs;
    const random = randomOf(seed);
    let killed = 0;
    for (let i = 0; i < counts.reconciliations; ++i) {
      const all = reconcile("all", join(dir, `killed-${i}`), "--no-abort-if-exists");
      const exit = await command(all, {afterMs: wholeMs * (0.2 + 0.8 * random())});
      killed += exit === null ? 1 : 0;
      expect(await command(all)).toBe(0);
      expect(treeOf(join(dir, `killed-${i}`, PATH))).toEqual(whole);
    }
    expect(killed).toBeGreaterThan(0);
  }, 600_000);

  it("and finished under --incremental is the same, at any change of the disk", async () => {
    const whole = await wholeTree();
    const changes = await changesOf(reconcile("all", join(dir, "counted")));
    const random = randomOf(seed + 1);
    for (let i = 0; i < counts.reconciliations; ++i) {
      const [dst, at] = [join(dir, `stopped-${i}`), 1 + Math.floor(changes * random())];
      const env = {KILL_AT: String(at)};
      expect([at, await command(reconcile("all", dst), {env})]).toEqual([at, null]);
      expect([at, await command(reconcile("all", dst, "--incremental"))]).toEqual([at, 0]);
      expect([at, ...treeOf(join(dst, PATH))]).toEqual([at, ...whole]);
    }
  }, 600_000);

  it.each<[step: StepName, before: StepName[], after: StepName[]]>([
    ["copy-prod-data", [], ["dump-market-data", "run-sim"]],
    ["dump-market-data", ["copy-prod-data"], ["run-sim"]],
    ["run-sim", ["copy-prod-data", "dump-market-data"], []],
  ])(
    "in %s by itself too",
    async (step, before, after) => {
      const base = join(dir, `before-${step}`);
      for (const name of ["create-dirs", ...before] as const) {
        expect(await command(reconcile(name, base))).toBe(0);
      }
      const start = (name: string): string => {
        const dst = join(dir, `${step}-${name}`);
        cpSync(base, dst, {recursive: true, preserveTimestamps: true});
        return dst;
      };
      const changes = await changesOf(reconcile(step, start("counted")));
      const random = randomOf(seed + 2);
      const whole = await wholeTree();
      for (let i = 0; i < counts.reconciliations / 4; ++i) {
        const [dst, at] = [start(String(i)), 1 + Math.floor(changes * random())];
        expect(await command(reconcile(step, dst), {env: {KILL_AT: String(at)}})).toBe(null);
        for (const name of [step, ...after]) {
          expect([at, await command(reconcile(name, dst, "--incremental"))]).toEqual([at, 0]);
        }
        rmSync(join(dst, PATH, "reconciliation_notebook"), {recursive: true});
        const tree = treeOf(join(dst, PATH));
        const made = whole.filter((line) => !/^reconciliation/.test(line));
        expect([at, ...tree]).toEqual([at, ...made]);
      }
    },
    600_000,
  );
});

/** How many changes of the disk a command line makes. */
async function changesOf(args: readonly string[]): Promise<number> {
  const path = join(dir, "changes");
  expect(await command(args, {env: {KILL_COUNT: path}})).toBe(0);
  return Number(readFileSync(path, "utf8"));
}
