import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {loadMultiday} from "../../../src/flows/reconcile/multiday/load-multiday.js";
import {buildMultidayConfig} from "../../../src/flows/reconcile/multiday/multiday-config.js";
import {removeTree} from "../../../src/flows/reconcile/replace-folder.js";
import {unlockTree} from "../../../src/flows/reconcile/write-permission.js";
import {reckon} from "../../cli/command-line.js";
import {placeSimulatedMarket} from "../../market/simulated/simulated-data.js";

const HOURS = ["190000", "193000", "200000", "203000"].map((time) => `20250901_${time}`);
const FEE = "portfolio_config.broker_config.fee_bps";

let dir: string;
let dst: string;
const choice = () => ({
  dstRootDir: dst,
  model: "C1",
  runMode: "paper_trading",
  startTimestamp: "20250901_000000",
  endTimestamp: "20250902_000000",
});

/** Three runs: one as simulated, one with a fee that the simulation lacks, one not simulated. */
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "reckon-multiday-"));
  dst = join(dir, "prod_reconciliation");
  const data = ["--data-dir", join(dir, "data")];
  await placeSimulatedMarket(join(dir, "data"));
  for (const [i, start] of HOURS.slice(0, 3).entries()) {
    const when = ["--start-timestamp", start, "--end-timestamp", HOURS[i + 1] as string];
    const what = ["run", "--model", "C1", "--run-mode", "paper_trading", "--root-dir", dir];
    const {stdout, exitCode} = await reckon(
      ...[...what, ...when, ...data, "--set-config-value", `${FEE}=${i}`],
    );
    expect(exitCode).toBe(0);
    const runDir = stdout.trimEnd().split("\n").at(-1) as string;
    const fee = ["--set-config-value", `${FEE}=0`];
    expect((await reckon("reconcile", "all", "--run-dir", runDir, ...data, ...fee)).exitCode).toBe(
      0,
    );
  }
  const manual = join(dst, "C1", "paper_trading", "manual");
  unlockTree(manual);
  removeTree(join(manual, readdirSync(manual).sort().at(-1) as string, "simulation"));
}, 120_000);
afterAll(() => {
  unlockTree(dir);
  rmSync(dir, {recursive: true, force: true});
});

describe("a period of reconciliations", () => {
  it("is read whole; what one run lacks is told of that run", async () => {
    const {days, metrics, frequency} = await loadMultiday(buildMultidayConfig(choice()));
    expect(days.map(({status}) => status)).toEqual(["identical", "differs", "failed"]);
    expect(days[1]).toMatchObject({first: `config · ${FEE}`, cause: "config"});
    expect(days[2]?.failure).toMatch(/^simulation/);
    expect(days[0]?.orderDelayS).toBe(10);
    expect(frequency).toBe("5T");
    expect(metrics.prod?.index.length).toBe(12);
    expect(metrics.research?.index.length).toBeGreaterThan(0);
  });

  it("compares anew under another tolerance", async () => {
    const strict = await loadMultiday(buildMultidayConfig({...choice(), tolerance: 0}));
    expect(strict.days.map(({status}) => status)).toEqual(["identical", "differs", "failed"]);
  });

  it("compares anew where what was found is damaged", async () => {
    const manual = join(dst, "C1", "paper_trading", "manual");
    const [first] = readdirSync(manual).sort();
    const finding = join(manual, first as string, "reconciliation.json");
    const whole = readFileSync(finding, "utf8");
    unlockTree(join(manual, first as string));
    writeFileSync(finding, whole.slice(0, 40));
    try {
      const {days} = await loadMultiday(buildMultidayConfig(choice()));
      expect(days[0]).toMatchObject({status: "identical", failure: ""});
    } finally {
      writeFileSync(finding, whole);
    }
  });

  it.each<[string, object, RegExp]>([
    ["a run mode", {runMode: "dreaming"}, /run mode: expected .*, found "dreaming"/],
    ["a period", {endTimestamp: "20250801_000000"}, /endTimestamp: expected 20250901_000000 or/],
    ["a tag", {tag: "../x"}, /tag: expected letters/],
  ])("refuses %s that is none", (_what, change, message) => {
    expect(() => buildMultidayConfig({...choice(), ...change})).toThrow(message);
  });

  it("says that a period has none, and fails as a page under --strict", async () => {
    const none = buildMultidayConfig({...choice(), endTimestamp: "20250901_000000"});
    await expect(loadMultiday(none)).rejects.toThrow(/expected reconciliations of C1 that start/);
    const flags = ["--dst-root-dir", dst, "--model", "C1", "--run-mode", "paper_trading"];
    const period = ["--start-timestamp", "20250901_000000", "--end-timestamp", "20250902_000000"];
    const {exitCode, stdout, stderr} = await reckon(
      ...["reconcile", "multiday", ...flags, ...period, "--strict"],
      ...["--html-notebook-tag", "last_week"],
    );
    expect(stdout).toMatch(/^1 of 3 runs did what their simulations say, 1 differs and 1 failed/);
    expect(stderr).toMatch(/not all runs agree/);
    expect(exitCode).toBe(1);
    expect(readdirSync(join(dst, "pages"))).toContain("C1.last_week.html");
  }, 120_000);
});
