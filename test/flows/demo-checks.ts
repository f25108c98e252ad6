import {readdirSync, readFileSync, statSync} from "node:fs";
import {join} from "node:path";
import {pathToFileURL} from "node:url";
import {expect, it} from "vitest";
import {withBrowser} from "../../publish/render/picture/browser.js";

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

/** What the demo leaves in a folder, and what its pages say of the market. */
export interface DemoSample {
  readonly folder: () => string;
  /** The pictures that the data is long enough for. */
  readonly windows: readonly string[];
  readonly says: RegExp;
}

const pagesOf = (folder: string) => join(folder, "prod_reconciliation", "pages");

/** The tests of a demo that has run. */
export function checkDemo(sample: DemoSample): void {
  checkFiles(sample);
  checkPages(sample);
}

function checkFiles({folder, windows}: DemoSample): void {
  const pages = () => pagesOf(folder());

  it("paints the windows that the data has", () => {
    for (const window of windows) {
      const path = join(pages(), `cumulative_pnl.${window}.png`);
      expect(readFileSync(path).subarray(1, 4).toString()).toBe("PNG");
      expect(statSync(path).size).toBeGreaterThan(20_000);
    }
  });

  it("leaves everything where the house plan says", () => {
    const demo = folder();
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
    const isStable = (name: string) => name.endsWith(".png") || /^C1\..*\.html$/.test(name);
    expect(readdirSync(pages()).filter(isStable).sort()).toEqual(
      [
        ...windows.map((window) => `cumulative_pnl.${window}.png`),
        "C1.historical_pnl.html",
        "C1.last_5minutes.html",
        "C1.paper_trading.fast.last_24hours.html",
        "C1.paper_trading.last_5minutes.html",
      ].sort(),
    );
    const index = readFileSync(join(pages(), "index.html"), "utf8");
    expect(index).toContain("reconciliation-fast");
    expect(index).toContain("pnl-observer");
  });
}

function checkPages({folder, windows, says}: DemoSample): void {
  const pages = () => pagesOf(folder());

  it("the front page shows verdict, links and pictures, and asks nobody for anything", async () => {
    const {text, pictures, requests, complaints} = await look(
      pathToFileURL(join(folder(), "index.html")).href,
    );
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
    [
      "C1.paper_trading.fast.last_24hours.html",
      /did exactly what its simulation says: 288 bars, largest difference 0\./,
      3,
    ],
    ["C1.paper_trading.last_5minutes.html", /net PnL/i, 3],
    ["C1.historical_pnl.html", /backtest/i, 3],
  ])(
    "%s shows its answer and figures, and asks for nothing but the files beside it",
    async (name, answer, figures) => {
      const {text, drawnFigures, requests, complaints} = await look(
        pathToFileURL(join(pages(), name)).href,
      );
      expect(text).toMatch(answer);
      expect(text).toMatch(/\$1,000,000/);
      expect(drawnFigures).toBeGreaterThanOrEqual(figures);
      const assets = pathToFileURL(join(pages(), "assets")).href;
      const elsewhere = requests.filter((address) => !address.startsWith(`${assets}/`));
      expect({elsewhere, complaints}).toEqual({elsewhere: [], complaints: []});
    },
  );
}
