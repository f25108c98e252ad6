import {existsSync} from "node:fs";
import {mkdtemp, readdir, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import type {Page} from "puppeteer";
import {afterEach, describe, expect, it, vi} from "vitest";
import {PublishError} from "../../../../publish/errors.js";
import {traceTypes} from "../../../../publish/render/figure/trace-types.js";
import {findBrowser, withBrowser} from "../../../../publish/render/picture/browser.js";
import {figureToPng, withFigurePainter} from "../../../../publish/render/picture/figure-painter.js";
import {paintFigures} from "../../../../publish/render/picture/figures.js";
import {PaintRoom} from "../../../../publish/render/picture/paint-room.js";
import {code, figureOutput, lineFigure, notebookOf} from "../sample-notebook.js";

const browserless = "reason" in findBrowser();
const reason = browserless ? " (needs a browser)" : "";
afterEach(() => {
  vi.unstubAllEnvs();
});

/** Width and height from a PNG's header. */
function sizeOf(png: Uint8Array): [number, number] {
  const header = Buffer.from(png);
  expect(header.subarray(1, 4).toString()).toBe("PNG");
  return [header.readUInt32BE(16), header.readUInt32BE(20)];
}

describe.skipIf(browserless)(`painting${reason}`, () => {
  it("gives two pixels per CSS pixel, the asked size, and the same bytes each time", async () => {
    const [first, again, small] = await withFigurePainter(async (painter) => [
      await painter.paint(lineFigure()),
      await painter.paint(lineFigure()),
      await painter.paint(lineFigure(), {width: 300, height: 200, scale: 1}),
    ]);
    expect(sizeOf(first)).toEqual([1920, 840]);
    expect(sizeOf(small)).toEqual([300, 200]);
    expect(Buffer.compare(first, again)).toBe(0);
    const elsewhere = await figureToPng(lineFigure());
    expect(Buffer.compare(first, elsewhere)).toBe(0);
  });

  it("knows the types of traces that plotly knows", async () => {
    const room = new PaintRoom({});
    const known = await room.use((page) =>
      page.evaluate("Object.keys(Plotly.PlotSchema.get().traces)"),
    );
    await room.close();
    expect([...traceTypes]).toEqual((known as string[]).sort());
  });

  it("a figure that cannot be painted is told and the others are painted", async () => {
    const bad = {data: [{type: "scatter", y: [1], xaxis: "x99999999"}], layout: {grid: {rows: -1}}};
    const notebook = notebookOf(
      code("f", [figureOutput(lineFigure("one"))]),
      code("f", [figureOutput(bad)]),
      code("f", [figureOutput(lineFigure("two"))]),
    );
    const {pictures} = await withFigurePainter((painter) => paintFigures(notebook, painter));
    expect([...pictures.keys()]).toEqual(expect.arrayContaining(["01-one", "03-two"]));
  });

  it("paints for several at once the same pictures as for one", async () => {
    const titles = ["one", "two", "three"];
    const {alone, together} = await withFigurePainter(async (painter) => {
      const paint = (title: string) => painter.paint(lineFigure(title), {width: 300, height: 200});
      const alone: Uint8Array[] = [];
      for (const title of titles) alone.push(await paint(title));
      return {alone, together: await Promise.all(titles.map(paint))};
    });
    expect(together.map((png, i) => Buffer.compare(png, alone[i]))).toEqual([0, 0, 0]);
    expect(new Set(alone.map((png) => Buffer.from(png).toString("base64"))).size).toBe(3);
  });

  it("refuses what is no figure", async () => {
    await expect(figureToPng({rows: []})).rejects.toThrow(/expected \{data/);
  });
});

describe.skipIf(browserless)(`PaintRoom${reason}`, () => {
  /** Work that kills the browser under itself this many times before it goes well. */
  const workThatDies = (times: number) => {
    const pids: (number | undefined)[] = [];
    const work = async (page: Page) => {
      const browser = page.browser().process();
      pids.push(browser?.pid);
      if (pids.length <= times) browser?.kill("SIGKILL");
      return page.evaluate("typeof Plotly.toImage");
    };
    return {pids, work};
  };

  it("starts a browser that died again, once for each piece of work", async () => {
    const room = new PaintRoom({});
    // One that plotly refuses a figure in is left in peace.
    const pid = await room.use(async (page) => page.browser().process()?.pid);
    const refusal = new PublishError("render-failed", "no figure");
    await expect(room.use(() => Promise.reject(refusal))).rejects.toThrow("no figure");
    const once = workThatDies(1);
    const twice = workThatDies(2);
    const asked = [once, twice].map(({work}) => room.use(work));
    const [first, second] = await Promise.allSettled(asked);
    await room.close();
    expect(first).toEqual({status: "fulfilled", value: "function"});
    expect(second).toMatchObject({reason: {code: "render-failed"}});
    expect(once.pids[0]).toBe(pid);
    const pids = new Set([...once.pids, ...twice.pids]);
    expect(pids.size).toBe(3);
    expect([...pids].map((one) => existsSync(`/proc/${one}`))).not.toContain(true);
  });
});

describe.skipIf(browserless)(`withBrowser${reason}`, () => {
  async function foldersLeft(work: () => Promise<unknown>): Promise<string[]> {
    const folder = await mkdtemp(join(tmpdir(), "reckon-test-"));
    vi.stubEnv("TMPDIR", folder);
    await work().catch(() => {});
    vi.unstubAllEnvs();
    const left = await readdir(folder);
    await rm(folder, {recursive: true});
    return left;
  }

  it("leaves no process and no folder, whether the work is done or throws", async () => {
    let pid = 0;
    const work = (fails: boolean) => () =>
      withBrowser(async (browser) => {
        pid = browser.process()?.pid ?? 0;
        if (fails) throw new Error("stop");
      });
    for (const fails of [false, true]) {
      expect(await foldersLeft(work(fails))).toEqual([]);
      expect(pid).toBeGreaterThan(0);
      expect(existsSync(`/proc/${pid}`)).toBe(false);
    }
  });

  it("ends at once when it is told to stop", async () => {
    const stop = new AbortController();
    const work = withBrowser(
      async (browser) => {
        const page = await browser.newPage();
        stop.abort(new Error("told to stop"));
        await page.waitForFunction("false", {timeout: 30_000});
      },
      {signal: stop.signal},
    );
    await expect(work).rejects.toThrow("told to stop");
  });
});

describe("a machine without a browser", () => {
  it("is told the path that PUPPETEER_EXECUTABLE_PATH names", () => {
    const found = findBrowser({PUPPETEER_EXECUTABLE_PATH: "/none/chrome", PATH: ""});
    expect(found).toEqual({reason: expect.stringContaining("/none/chrome")});
  });

  it("keeps its page: pictures are missing, with one reason for all", async () => {
    vi.stubEnv("PUPPETEER_EXECUTABLE_PATH", "/none/chrome");
    const figure = () => code("f", [figureOutput(lineFigure())]);
    const {pictures, problems} = await withFigurePainter((painter) =>
      paintFigures(notebookOf(figure(), figure()), painter),
    );
    expect(pictures.size).toBe(0);
    expect(problems).toEqual([expect.stringMatching(/expected a browser.*\/none\/chrome/)]);
  });

  it("needs none for a notebook without figures", async () => {
    vi.stubEnv("PUPPETEER_EXECUTABLE_PATH", "/none/chrome");
    const painted = await withFigurePainter((it) => paintFigures(notebookOf(code("1")), it));
    expect(painted).toEqual({pictures: new Map(), problems: []});
  });
});

describe("findBrowser", () => {
  it("prefers PUPPETEER_EXECUTABLE_PATH, then a program on PATH", () => {
    const node = process.execPath;
    expect(findBrowser({PUPPETEER_EXECUTABLE_PATH: node, PATH: ""})).toEqual({
      path: node,
      source: "PUPPETEER_EXECUTABLE_PATH",
    });
  });
});
