import type {Page} from "puppeteer";
import {PublishError} from "../../errors.js";
import {type Figure, figureHeight, parseFigure} from "../figure/figure.js";
import {lightFigures} from "../figure/figure-theme.js";
import type {BrowserOptions} from "./browser.js";
import {PaintRoom} from "./paint-room.js";

/** Size of a picture. */
export interface PictureSize {
  readonly width?: number; // CSS pixels; defaults to 960, the width of a page's column
  readonly height?: number; // CSS pixels; defaults to the figure's own height
  readonly scale?: number; // PNG pixels per CSS pixel; defaults to 2
}

/** Paints plotly figures one after another, whoever asks, all in one browser page. */
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
  const room = new PaintRoom(options);
  const painter: FigurePainter = {
    paint: async (figure, size) => paintIn(room, figure, size),
    warm: () => room.warm(),
  };
  try {
    return await use(painter);
  } finally {
    await room.close();
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

function paintIn(room: PaintRoom, json: unknown, size: PictureSize = {}): Promise<Uint8Array> {
  const figure = parseFigure(json);
  if (figure === undefined) {
    const message = "figure: expected {data: [...], layout: {...}}, found something else";
    throw new PublishError("render-failed", message);
  }
  return room.use((page) => paintOn(page, figure, size));
}

/** What runs inside the browser, until plotly says it is done; it sees nothing of this file. */
const paintScript = `async ({data, layout, size}) => {
  const figure = {data, layout, config: {staticPlot: true, typesetMath: false}};
  try {
    const url = await Plotly.toImage(figure, {format: "png", ...size});
    return {base64: url.slice(url.indexOf(",") + 1)};
  } catch (error) {
    return {refusal: String(error?.message ?? error)};
  }
}`;

interface Painted {
  readonly base64?: string;
  /** Why plotly drew nothing. */
  readonly refusal?: string;
}

async function paintOn(page: Page, figure: Figure, size: PictureSize): Promise<Uint8Array> {
  const {width = 960, height = figureHeight(figure), scale = 2} = size;
  const argument = JSON.stringify({
    data: figure.data.map(asVector),
    layout: {...figure.layout, template: lightFigures},
    size: {width, height, scale},
  });
  const painted = (await page.evaluate(`(${paintScript})(${argument})`)) as Painted;
  if (painted.base64) return Buffer.from(painted.base64, "base64");
  const found = `expected plotly to draw it, found: ${painted.refusal ?? "an empty picture"}`;
  throw new PublishError("render-failed", `figure: ${found}; check its data and layout`);
}

/** Vector traces look the same and need no graphics card. */
function asVector(trace: Figure["data"][number]): Figure["data"][number] {
  return trace.type === "scattergl" ? {...trace, type: "scatter"} : trace;
}
