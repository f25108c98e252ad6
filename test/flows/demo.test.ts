import {execFile} from "node:child_process";
import {mkdtempSync, readdirSync, readFileSync, rmSync, statSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath, pathToFileURL} from "node:url";
import {promisify} from "node:util";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {withBrowser} from "../../publish/render/browser.js";
import {HAS_SHARED, NEEDS_SHARED, SHARED_DIR} from "../oracles/shared.js";

const MAIN = fileURLToPath(new URL("../../dist/src/cli/main.js", import.meta.url));

interface DemoReport {
  readonly index: string;
  readonly verdict: string;
  readonly pages: Readonly<Record<string, string>>;
  readonly pictures: readonly string[];
}

/** What a browser saw of a page. */
interface Sight {
  readonly text: string;
  readonly drawnFigures: number;
  readonly pictures: number;
  readonly requests: readonly string[];
  readonly complaints: readonly string[];
}

/** Opens a page as a person does and looks until its figures are drawn. */
async function look(url: string): Promise<Sight> {
  return await withBrowser(async (browser) => {
    const page = await browser.newPage();
    const requests: string[] = [];
    const complaints: string[] = [];
    page.on("request", (request) => {
      if (request.url() !== url && !/^(data|blob):/.test(request.url())) {
        requests.push(request.url());
      }
    });
    page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => complaints.push(String(error)));
    await page.goto(url, {waitUntil: "load"});
    await page.evaluate(async () => {
      for (const box of Array.from(document.querySelectorAll("figure"))) {
        box.scrollIntoView();
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
    });
    const seen = await page.evaluate(() => ({
      text: document.body.innerText,
      drawnFigures: document.querySelectorAll(".main-svg").length,
      pictures: Array.from(document.images).filter((image) => image.naturalWidth > 0).length,
    }));
    return {...seen, requests, complaints};
  });
}

/** Sum of the sizes of all files of a folder, in MB. */
function megabytes(dir: string): number {
  const files = readdirSync(dir, {recursive: true, encoding: "utf8"});
  return files.reduce((sum, name) => sum + statSync(join(dir, name)).size, 0) / 1e6;
}

const markets: [name: string, args: string[], windows: string[], says: RegExp][] = [
  [
    "the simulated market",
    [],
    ["since_2022", "since_2025", "last_24hours", "last_5minutes"],
    /simulated market 5m/,
  ],
];
if (HAS_SHARED) {
  const data = join(SHARED_DIR, "data", "binance_perp_5m");
  markets.push([
    "recorded bars",
    ["--data", data],
    ["since_2025", "last_24hours", "last_5minutes"],
    /binance 5m/,
  ]);
}

describe.each(markets)(`the demo on %s${NEEDS_SHARED}`, (_name, args, windows, says) => {
  let dir: string;
  let report: DemoReport;
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), "reckon-demo-"));
    const command = [MAIN, "demo", "--json", "--dst-dir", join(dir, "demo"), ...args];
    const {stdout} = await promisify(execFile)(process.execPath, command, {timeout: 240_000});
    report = JSON.parse(stdout) as DemoReport;
  }, 250_000);
  afterAll(() => {
    rmSync(dir, {recursive: true, force: true});
  });

  it("paper and replay agree exactly, and four windows are painted where the data has them", () => {
    expect(report.verdict).toBe("identical");
    expect(report.pictures.map((path) => path.split("cumulative_pnl.")[1])).toEqual(
      windows.map((window) => `${window}.png`),
    );
    for (const path of report.pictures) {
      expect(readFileSync(path).subarray(1, 4).toString()).toBe("PNG");
      expect(statSync(path).size).toBeGreaterThan(20_000);
    }
  });

  it("leaves everything where the house plan says", () => {
    const demo = join(dir, "demo");
    const [interval] = readdirSync(join(demo, "system_reconciliation/C1/paper_trading/scheduled"));
    const run = join("C1/paper_trading/scheduled", interval as string);
    const runDir = join(demo, "system_reconciliation", run, "system_log_dir");
    expect(readdirSync(join(runDir, "process_forecasts", "orders"))).toHaveLength(288);
    expect(megabytes(runDir)).toBeLessThan(30);
    const result = join(demo, "prod_reconciliation", run, "reconciliation_notebook/fast/result_0");
    const files = readdirSync(result);
    expect(files).toEqual(
      expect.arrayContaining([
        "config.json",
        "config.txt",
        "figures",
        "run.json",
        "success.txt",
        "reconciliation-fast.0.ipynb",
        "run_notebook.0.log",
        "run_notebook.0.html.log",
      ]),
    );
    expect(files.some((name) => /^reconciliation-fast\.0\.\d{8}-\d{6}\.html$/.test(name))).toBe(
      true,
    );
    expect(readdirSync(join(demo, "prod_reconciliation", "pages")).sort()).toEqual(
      [
        ...windows.map((window) => `cumulative_pnl.${window}.png`),
        "C1.historical_pnl.html",
        "C1.last_5minutes.html",
        "C1.paper_trading.fast.last_24hours.html",
        "C1.paper_trading.last_5minutes.html",
      ].sort(),
    );
  });

  it("the front page shows verdict, links and pictures, and asks nobody for anything", async () => {
    const {text, pictures, requests, complaints} = await look(pathToFileURL(report.index).href);
    expect(text).toMatch(
      /Paper trading did exactly what its simulation says: 288 bars, largest difference 0\./,
    );
    expect(text).toMatch(says);
    expect({pictures, requests, complaints}).toEqual({
      pictures: windows.length,
      requests: [],
      complaints: [],
    });
  });

  it.each([
    ["reconciliation", /did exactly what its simulation says: 288 bars, largest difference 0\./, 3],
    ["observer", /net PnL/i, 3],
    ["history", /backtest/i, 3],
  ])(
    "the %s page shows its answer and figures, and asks nobody for anything",
    async (name, answer, figures) => {
      const {text, drawnFigures, requests, complaints} = await look(report.pages[name] as string);
      expect(text).toMatch(answer);
      expect(text).toMatch(/\$1,000,000/);
      expect(drawnFigures).toBeGreaterThanOrEqual(figures);
      expect({requests, complaints}).toEqual({requests: [], complaints: []});
    },
  );
});
