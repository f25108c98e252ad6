import type {Browser, Page} from "puppeteer";
import {PublishError} from "../errors.js";
import {type BrowserOptions, withBrowser} from "./browser.js";
import {type Figure, figureHeight, parseFigure} from "./figure.js";
import {lightFigures} from "./figure-theme.js";
import {plotlyPath} from "./template-files.js";

/** Size of a picture. */
export interface PictureSize {
  readonly width?: number; // CSS pixels; defaults to 960, the width of a page's column
  readonly height?: number; // CSS pixels; defaults to the figure's own height
  readonly scale?: number; // PNG pixels per CSS pixel; defaults to 2
}

/** Paints plotly figures one after another, all in one browser page. */
export interface FigurePainter {
  /** PNG bytes in the light theme on white. The same figure gives the same bytes on one machine. */
  paint(figure: unknown, size?: PictureSize): Promise<Uint8Array>;
  /** Starts the browser now, beside other work; whether that went well shows with `paint`. */
  warm(): void;
}

/**
 * Hands a painter to `use`. The browser starts with the first figure, so no figure costs nothing,
 * and ends on every path.
 *
 * @throws PublishError `render-failed` from `paint`: no browser, or a figure that plotly refuses
 */
export async function withFigurePainter<T>(
  use: (painter: FigurePainter) => Promise<T>,
  options: BrowserOptions = {},
): Promise<T> {
  const studio = new Studio(options);
  try {
    return await use(studio);
  } finally {
    await studio.close();
  }
}

/** PNG of one figure; for several use {@link withFigurePainter}, which starts one browser. */
export async function figureToPng(
  figure: unknown,
  {signal, deadlineMs, ...size}: PictureSize & BrowserOptions = {},
): Promise<Uint8Array> {
  const options = {...(signal && {signal}), ...(deadlineMs !== undefined && {deadlineMs})};
  return withFigurePainter((painter) => painter.paint(figure, size), options);
}

/** A browser page with plotly in it, opened on first use and held open until `close`. */
class Studio implements FigurePainter {
  readonly #options: BrowserOptions;
  #page: Promise<Page> | undefined;
  #session: Promise<void> = Promise.resolve();
  #leave: () => void = () => {};

  constructor(options: BrowserOptions) {
    this.#options = options;
  }

  async paint(json: unknown, size: PictureSize = {}): Promise<Uint8Array> {
    const figure = parseFigure(json);
    if (figure === undefined) {
      const message = "figure: expected {data: [...], layout: {...}}, found something else";
      throw new PublishError("render-failed", message);
    }
    return paintOn(await this.#ready(), figure, size);
  }

  warm(): void {
    this.#ready().catch(() => {}); // told by paint
  }

  #ready(): Promise<Page> {
    this.#page ??= this.#open();
    return this.#page;
  }

  /** Turns the bracket `withBrowser` into a page that lives until `close` lets the bracket end. */
  #open(): Promise<Page> {
    return new Promise((resolve, reject) => {
      const left = new Promise<void>((leave) => {
        this.#leave = leave;
      });
      this.#session = withBrowser(async (browser) => {
        resolve(await openPage(browser));
        await left;
      }, this.#options).catch(reject);
    });
  }

  async close(): Promise<void> {
    this.#leave();
    await this.#session;
  }
}

async function openPage(browser: Browser): Promise<Page> {
  const page = await browser.newPage();
  await page.setOfflineMode(true);
  await page.setContent('<!doctype html><meta charset="utf-8"><body></body>');
  await page.addScriptTag({path: plotlyPath()});
  return page;
}

/** What runs inside the browser; it sees nothing of this file. */
const paintScript = `async ({data, layout, size}) => {
  const figure = {data, layout, config: {staticPlot: true, typesetMath: false}};
  const url = await Plotly.toImage(figure, {format: "png", ...size});
  return url.slice(url.indexOf(",") + 1);
}`;

async function paintOn(page: Page, figure: Figure, size: PictureSize): Promise<Uint8Array> {
  const {width = 960, height = figureHeight(figure), scale = 2} = size;
  const argument = JSON.stringify({
    data: figure.data.map(asVector),
    layout: {...figure.layout, template: lightFigures},
    size: {width, height, scale},
  });
  try {
    const base64 = await page.evaluate(`(${paintScript})(${argument})`);
    return Buffer.from(String(base64), "base64");
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const found = `expected plotly to draw it, found: ${reason}`;
    const message = `figure: ${found}; check its data and layout`;
    throw new PublishError("render-failed", message, {cause});
  }
}

/** Vector traces look the same and need no graphics card. */
function asVector(trace: Figure["data"][number]): Figure["data"][number] {
  return trace.type === "scattergl" ? {...trace, type: "scatter"} : trace;
}
