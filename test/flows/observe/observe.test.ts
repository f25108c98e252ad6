import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import {tmpdir} from "node:os";
import {basename, join} from "node:path";
import process from "node:process";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {followRun} from "../../../src/flows/observe/follow-run.js";
import {loadObserved} from "../../../src/flows/observe/load-observed.js";
import {accountView} from "../../../src/report/observer/account.js";
import {dataAges} from "../../../src/report/observer/freshness.js";
import {alertsOf, healthChecks} from "../../../src/report/observer/health-checks.js";
import {loadObservedRun} from "../../../src/report/observer/observed-run.js";
import {columnOf, selectRows} from "../../../src/table/frame.js";
import {formatStamp} from "../../../src/time/epoch.js";
import {systemClock} from "../../../src/time/system-clock.js";
import {reckon} from "../../cli/command-line.js";
import {NOTEBOOKS_DIR} from "../../notebooks/notebook-desk.js";
import {HAS_SHARED, NEEDS_SHARED, SHARED_DIR} from "../../oracles/shared.js";
import {runSample, SAMPLE_END, SAMPLE_START} from "../../system/sample-run.js";

const STATISTICS = "process_forecasts/portfolio/statistics";

let root: string;
let runDir: string;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "reckon-observe-"));
  const interval = `${formatStamp(SAMPLE_START)}.${formatStamp(SAMPLE_END)}`;
  runDir = join(root, "runs/C1/paper_trading/scheduled", interval, "system_log_dir");
  await runSample(runDir, {runMode: "paper_trading", files: "per-bar"});
}, 60_000);
afterAll(() => {
  rmSync(root, {recursive: true, force: true});
});

/** A copy of the run, damaged. */
function damaged(name: string, damage: (dir: string) => void): string {
  const dir = join(root, name);
  cpSync(runDir, dir, {recursive: true});
  damage(dir);
  return dir;
}

const filesOf = (dir: string): string[] => readdirSync(dir).sort();

describe("a run that is not whole", () => {
  it("is read in full where it is", async () => {
    const run = await loadObservedRun(runDir);
    expect(run.problems).toEqual([]);
    expect(run.portfolio.statistics.index).toHaveLength(24);
    expect(run.research.index.length).toBeGreaterThan(20);
    expect(run.lastOutput?.row.index.at(-1)).toBe(SAMPLE_END);
    expect(run.orderTimes.index.length).toBeGreaterThan(20);
  });

  it("shows the bars that all streams have, and names the lost one", async () => {
    const dir = damaged("lost", (copy) => {
      const stream = join(copy, "process_forecasts/portfolio/holdings_shares");
      rmSync(join(stream, filesOf(stream)[5] as string));
    });
    const run = await loadObservedRun(dir);
    expect(run.portfolio.statistics.index).toHaveLength(23);
    expect(run.problems.join(" ")).toContain("record in one of the streams: 1 bar.");
    expect(run.orders.length).toBeGreaterThan(0);
    expect(run.targets.price?.index.length).toBeGreaterThan(20);
    expect(alertsOf(healthChecks(run)).map(({name}) => name)).toContain("The run folder is whole");
  });

  it("computes the statistics from holdings and trades where they are damaged", async () => {
    const whole = await loadObservedRun(runDir);
    const dir = damaged("truncated", (copy) => {
      const stream = join(copy, STATISTICS);
      const path = join(stream, filesOf(stream)[3] as string);
      writeFileSync(path, readFileSync(path, "utf8").slice(0, 40));
    });
    const run = await loadObservedRun(dir);
    expect(run.problems.join(" ")).toContain("The stream statistics cannot be read");
    const pnlOf = ({
      portfolio: {
        statistics: {columns, data},
      },
    }: typeof run) =>
      [...(data[columns.indexOf("pnl")] as Float64Array)].map((x) => Number(x.toFixed(6)));
    expect(pnlOf(run).slice(1)).toEqual(pnlOf(whole).slice(1));
  });

  it("loses the bar of the research portfolio that it cannot read, and no other", async () => {
    const whole = await loadObservedRun(runDir);
    const dir = damaged("lost-output", (copy) => {
      const nodes = join(copy, "dag/node_io/node_io.data");
      const files = filesOf(nodes).filter((name) => /\.predict\.df_out\..*parquet$/.test(name));
      truncateSync(join(nodes, files[10] as string), 100);
    });
    const run = await loadObservedRun(dir);
    const [lost, ...others] = whole.research.index.filter((x) => !run.research.index.includes(x));
    expect(others).toEqual([]);
    const gmv = columnOf(run.research, "gmv");
    const kept = selectRows(whole.research, run.research.index);
    const changed = run.research.index.filter((_, t) => gmv[t] !== columnOf(kept, "gmv")[t]);
    expect([...changed]).toEqual([(lost as number) + run.facts.barMs]); // it decided that holding
    expect(run.problems.join(" ")).toMatch(/Node predict cannot be read at 1 bar, where research/);
  });

  it("tells rows that are stamped an hour off", async () => {
    const dir = damaged("moved", (copy) => {
      const stream = join(copy, STATISTICS);
      for (const name of filesOf(stream).slice(0, 2)) {
        const text = readFileSync(join(stream, name), "utf8");
        writeFileSync(
          join(stream, name),
          text.replace(/ (\d\d):/, (_, h: string) => ` ${String(Number(h) + 1).padStart(2, "0")}:`),
        );
      }
    });
    const {problems} = await loadObservedRun(dir);
    expect(problems).toEqual([
      expect.stringMatching(
        /^Times of rows of statistics: 2 of 24 records hold rows stamped 3600 s after the record's/,
      ),
    ]);
  });

  it.each([
    ["without a portfolio", "process_forecasts/portfolio"],
    ["without decisions", "process_forecasts"],
  ])("is still shown %s", async (name, gone) => {
    const dir = damaged(name.replaceAll(" ", "-"), (copy) =>
      rmSync(join(copy, gone), {recursive: true}),
    );
    const {run, account} = await loadObserved({runDir: dir, asOf: formatStamp(SAMPLE_END)});
    expect(run.portfolio.statistics.index).toHaveLength(0);
    expect(run.problems.join(" ")).toContain("No portfolio was recorded, though the DAG's");
    expect(accountView(account).text).toContain("No position is open.");
  });
});

describe.skipIf(!HAS_SHARED)(`a run of the reference system${NEEDS_SHARED}`, () => {
  it("is read in full, with what its place says of it", async () => {
    const {run} = await loadObserved({
      runDir: join(SHARED_DIR, "oracles/system/10_mock1_system_log_dir"),
      model: "mock1",
      runMode: "paper_trading",
      startTimestamp: "20000101_143000",
      endTimestamp: "20000101_151000",
      asOf: "20260101_000000",
    });
    expect(run.problems).toEqual([]);
    expect(run.facts).toMatchObject({runMode: "paper_trading", end: Date.UTC(2000, 0, 1, 15, 10)});
    expect(run.portfolio.statistics.index).toHaveLength(7);
    expect(run.lastOutput?.row.columns).toEqual(["101"]);
    expect(dataAges(run, {asOf: Date.UTC(2026, 0, 1)})[0]).toMatchObject({ageBars: 1});
  });
});

describe("the notebook's choice", () => {
  const at = {asOf: formatStamp(SAMPLE_END)};

  it("is a folder, or where to look for one", async () => {
    const query = {runDir: "", rootDir: join(root, "runs"), model: "C1", runMode: "paper_trading"};
    const {run, asOf} = await loadObserved({...query, ...at});
    expect([run.dir, asOf]).toEqual([runDir, SAMPLE_END]);
    await expect(loadObserved({runDir: "", ...at})).rejects.toThrow(
      "runDir: expected a run folder, or rootDir, model and runMode to look for one, found neither",
    );
  });

  it("asks the store, and says why it could not", async () => {
    const dataDir = join(root, "no-store");
    const {account} = await loadObserved({runDir, ...at, dataDir});
    expect(account.isRunFolder).toBe(true);
    expect(account.remark).toMatch(/^the SQL store could not be asked: .*no-store/);
    expect(existsSync(dataDir)).toBe(false);
  });
});

describe("reckon observe", () => {
  const site = () => join(root, "site");
  const at = formatStamp(SAMPLE_END);
  const observe = (...flags: string[]) =>
    reckon(
      ...["observe", "--model", "C1", "--prod_data_root_dir", join(root, "runs"), ...flags],
      ...(flags.some((flag) => flag.startsWith("--as-of")) ? [] : [`--as-of=${at}`]),
    );

  it("publishes the page under its stable names, alerts as data, and the picture", async () => {
    const {exitCode, stdout, stderr} = await observe(
      "--mark_as_last_5minute_run",
      "--least-balance=2000000",
      "--json",
    );
    expect([exitCode, stderr]).toEqual([0, ""]);
    const {alerts, picture, dir} = JSON.parse(stdout);
    expect(alerts).toEqual([
      {name: "Balance", found: expect.stringMatching(/^\$/), wanted: "above $2,000,000"},
    ]);
    expect(picture).toBe(join(dir, "cumulative_pnl.last_5minutes.png"));
    expect(
      readFileSync(picture)
        .subarray(33 + 4, 33 + 8)
        .toString(),
    ).toBe("pHYs");
    const results = JSON.parse(readFileSync(join(dir, "result_0/results.json"), "utf8"));
    expect(results.alerts).toEqual(alerts);
    const pages = filesOf(join(root, "runs/pages"));
    expect(pages).toEqual(
      expect.arrayContaining(["C1.last_5minutes.html", "C1.paper_trading.last_5minutes.html"]),
    );
  }, 60_000);

  it("leaves the picture out, publishes where told, and is strict on demand", async () => {
    const dst = join(root, "elsewhere");
    const {exitCode, stdout, stderr} = await observe(
      ...["--no-save-plots-for-investors", "--dst-dir", dst],
      ...["--mark-as-last-5minute-run", "--site", site()],
      ...["--largest-drawdown=0.01", "--strict"],
    );
    expect([exitCode, stderr]).toEqual([
      1,
      "reckon: there are alerts, and --strict was asked for\n",
    ]);
    expect(stdout).toMatch(/1 alert:\n {2}Largest drawdown: −\$\S+, wanted above \$0\n/);
    const [dated] = filesOf(dst);
    expect(dated).toBe(formatStamp(SAMPLE_END));
    expect(filesOf(join(dst, dated as string)).filter((name) => name.endsWith(".png"))).toEqual([]);
  }, 60_000);

  it("replaces no page of an earlier run by one that failed", async () => {
    const pageOf = () => readFileSync(join(site(), "C1.last_5minutes.html"), "utf8");
    const before = pageOf(); // published above
    const desk = join(root, "desk");
    mkdirSync(join(desk, "notebooks"), {recursive: true});
    writeFileSync(join(desk, "reckon.config.yaml"), "notebooks: [notebooks]\n");
    const notebook = JSON.parse(readFileSync(`${NOTEBOOKS_DIR}pnl-observer.ipynb`, "utf8"));
    const isParameters = ({metadata}: {metadata: {tags?: string[]}}) =>
      metadata.tags?.includes("parameters");
    const last = {...notebook.cells.at(-1), source: ['throw new Error("broken by hand");']};
    notebook.cells = [...notebook.cells.filter(isParameters), last];
    writeFileSync(join(desk, "notebooks/pnl-observer.ipynb"), JSON.stringify(notebook));
    process.env.RECKON_CONFIG_DIR = desk;
    try {
      const {exitCode, stderr} = await observe("--mark-as-last-5minute-run", "--site", site());
      expect([exitCode, stderr]).toEqual([1, expect.stringContaining("broken by hand")]);
    } finally {
      delete process.env.RECKON_CONFIG_DIR;
    }
    expect(pageOf()).toBe(before);
  }, 120_000);

  it("follows a run, anew each time, and keeps what was asked for", async () => {
    const stop = new AbortController();
    const dstDir = join(root, "followed");
    const seen: string[] = [];
    const faults: unknown[] = [];
    let looks = 0;
    await followRun({
      clock: {...systemClock, now: () => SAMPLE_END + 1_000 * ++looks},
      everyMs: 0,
      keep: 1,
      signal: stop.signal,
      find: (now) => {
        if (looks === 1) {
          throw new Error("no run yet");
        }
        return {runDir, model: "C1", runMode: "paper_trading", now, dstDir, savesPlots: false};
      },
      onFault: (error) => faults.push(error),
      onRefreshed: ({page, dir}) => {
        seen.push(page.status, dir);
        if (seen.length === 4) {
          stop.abort();
        }
      },
    });
    expect(faults).toMatchObject([{message: "no run yet"}]);
    expect(seen.filter((_, i) => i % 2 === 0)).toEqual(["ok", "ok"]);
    expect(filesOf(dstDir)).toEqual([basename(seen[3] as string)]);
  }, 120_000);

  it.each([
    [["--start-timestamp=20250901_000000"], /all of them for one run, or none for the newest/],
    [["--as-of=yesterday"], /--as-of: expected a UTC time/],
    [["--stale-bars=many"], /--stale-bars: expected a number, found "many"/],
    [["--stale-bars=-1"], /--stale-bars: expected a number from 0 on, found -1/],
    [["--follow", "--keep=0"], /--keep: expected a whole number from 1 on, found 0/],
    [["--run-mode=prod"], /expected a run of C1, prod, that started/],
  ])("refuses %j before anything starts", async (flags, words) => {
    const {exitCode, stderr} = await observe(...flags);
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(words)]);
  });
});
