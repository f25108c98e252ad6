import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {formatStamp, HOUR_MS, toIso} from "../../../src/time/epoch.js";
import {runSample, SAMPLE_END, SAMPLE_START} from "../../system/sample-run.js";
import {reckon} from "../command-line.js";

let root: string;
let history: string;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "reckon-plots-"));
  const interval = `${formatStamp(SAMPLE_START)}.${formatStamp(SAMPLE_END)}`;
  const runDir = join(root, "runs/C1/paper_trading/scheduled", interval, "system_log_dir");
  await runSample(runDir, {runMode: "paper_trading", files: "per-stream"});
  history = join(root, "history.csv");
  const rows = Array.from(
    {length: 24 * 400},
    (_, i) => `${toIso(SAMPLE_START - i * HOUR_MS).replace(".000", "")},10`,
  );
  writeFileSync(history, `${["timestamp,pnl", ...rows.reverse()].join("\n")}\n`);
}, 60_000);
afterAll(() => {
  rmSync(root, {recursive: true, force: true});
});

const plots = (dst: string, ...flags: string[]) =>
  reckon(
    ...["investor-plots", "--model", "C1", "--history", history, "--dst-dir", join(root, dst)],
    ...["--prod-data-root-dir", join(root, "runs"), ...flags],
  );
const end = `--end-date=${formatStamp(SAMPLE_END)}`;
const FILES = ["last_24hours", "last_5minutes", "since_2024", "since_2025"].map(
  (name) => `cumulative_pnl.${name}.png`,
);

describe("reckon investor-plots", () => {
  it("shows in a dry run what it would write, and writes nothing", async () => {
    const {exitCode, stdout, stderr} = await plots("dry", end, "--dry-run", "--no-page");
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("nothing is written; this would be");
    expect(stdout).toMatch(
      /cumulative_pnl\.since_2024\.png +new +2024-\S+ \S+ +2025-09-02 00:00 +/,
    );
    expect(existsSync(join(root, "dry"))).toBe(false);
  }, 60_000);

  it("writes pictures and a page with the same numbers, and copies only when asked", async () => {
    const copy = join(root, "pnl_for_investors");
    const first = await plots("out", end, `--copy-to=${copy}`, "--json");
    expect([first.exitCode, first.stderr]).toEqual([0, ""]);
    const {plans, page} = JSON.parse(first.stdout);
    expect(plans.map(({dir}: {dir: string}) => dir)).toEqual([join(root, "out"), copy]);
    for (const dir of [join(root, "out"), copy]) {
      expect(readdirSync(dir).filter((name) => name.endsWith(".png"))).toEqual(FILES);
    }
    const manifest = JSON.parse(readFileSync(join(copy, "cumulative_pnl.json"), "utf8"));
    const results = JSON.parse(
      readFileSync(join(root, "out/historical_pnl_for_investors/result_0/results.json"), "utf8"),
    );
    const byName = (a: {name: string}, b: {name: string}) => a.name.localeCompare(b.name);
    expect(results.windows.sort(byName)).toEqual(
      (Object.values(manifest.pictures) as {name: string}[]).sort(byName),
    );
    expect(page).toMatch(/^file:.+\.html$/);
  }, 60_000);

  it("replaces nothing where the run is stale, and says how it was", async () => {
    const before = readFileSync(join(root, "out", "cumulative_pnl.since_2024.png"));
    const {exitCode, stderr} = await plots("out", "--no-page");
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/the newest run is stale: its last bar is 2025-09-02 00:00 UTC/);
    expect(readFileSync(join(root, "out", "cumulative_pnl.since_2024.png"))).toEqual(before);
    const copied = join(root, "out2");
    expect((await plots("out2", "--no-page")).exitCode).toBe(1);
    expect(existsSync(copied)).toBe(false);
  }, 60_000);

  it("finishes a replacement that was killed, even where it then refuses its own", async () => {
    const incoming = join(root, "out", ".incoming");
    mkdirSync(incoming);
    writeFileSync(join(incoming, "cumulative_pnl.since_2025.png"), "the last to move");
    expect((await plots("out", "--no-page")).exitCode).toBe(1);
    const path = join(root, "out", "cumulative_pnl.since_2025.png");
    expect(readFileSync(path, "utf8")).toBe("the last to move");
    expect(existsSync(incoming)).toBe(false);
  }, 60_000);

  it.each([
    [["--history="], /expected files with bar PnL, or --exchange/],
    [["--end-date=soon"], /--end-date: expected a day as YYYY-MM-DD/],
    [["--run-dir=x"], /expected one of --run-dir and --prod-data-root-dir, found both/],
    [["--run-mode=prod"], /expected runs of C1, prod, found none/],
    [["--capital=-1"], /--capital: expected a number from 0 on/],
  ])("refuses %j with one message", async (flags, words) => {
    const own = flags[0]?.startsWith("--history") ? ["--model=C1", ...flags] : undefined;
    const {exitCode, stderr} = await (own === undefined
      ? plots("refused", ...flags)
      : reckon("investor-plots", ...own));
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(words)]);
  });
});
