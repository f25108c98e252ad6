import {join} from "node:path";
import type {FigurePainter} from "../../../publish/render/picture/figure-painter.js";
import {makeFolder} from "../../make-folder.js";
import {INVESTOR_PICTURE} from "../../report/investor/cumulative-pnl-figure.js";
import {
  type InvestorPnl,
  type InvestorQuery,
  investorPictures,
  loadInvestorPnl,
} from "../../report/investor/investor-pnl.js";
import type {PnlSeries} from "../../report/investor/pnl-series.js";
import {type WindowFacts, windowFacts} from "../../report/investor/window-facts.js";
import {writeWholeFile} from "../../runlog/whole-file.js";
import {printPng} from "./print-png.js";

/** A picture file and what it shows. */
export interface InvestorPicture {
  readonly path: string;
  readonly caption: string;
}

/** A picture that is painted and not written yet. */
export interface PaintedPicture {
  readonly fileName: string;
  readonly png: Uint8Array;
  readonly facts: WindowFacts;
  readonly caption: string;
}

/** Paints `cumulative_pnl.{since_YYYY,last_24hours,last_5minutes}.png`: the windows with data. */
export async function paintPictures(
  pnl: InvestorPnl,
  painter: FigurePainter,
): Promise<PaintedPicture[]> {
  const painted: PaintedPicture[] = [];
  for (const {fileName, figure, series} of investorPictures(pnl)) {
    const png = printPng(await painter.paint(figure, INVESTOR_PICTURE));
    painted.push({fileName, png, facts: windowFacts(series), caption: captionOf(series)});
  }
  return painted;
}

/** Writes pictures into a folder, each whole. */
export function writePictures(
  dstDir: string,
  painted: readonly PaintedPicture[],
): InvestorPicture[] {
  makeFolder(dstDir);
  return painted.map(({fileName, png, caption}) => {
    const path = join(dstDir, fileName);
    writeWholeFile(path, png);
    return {path, caption};
  });
}

/**
 * Paints the four pictures of a model into a folder.
 *
 * @throws ReckonError `bad-data` when the store lacks the market or the folder holds no run
 */
export async function writeInvestorPictures(
  query: InvestorQuery,
  dstDir: string,
  painter: FigurePainter,
): Promise<InvestorPicture[]> {
  return writePictures(dstDir, await paintPictures(await loadInvestorPnl(query), painter));
}

/** `since_2025` in words; the picture itself says the rest. */
function captionOf({name, origin, joint, liveOrigin}: PnlSeries): string {
  const [, year] = /^since_(\d{4})$/.exec(name) ?? [];
  const how = joint === undefined ? origin : `${origin}, then ${liveOrigin}`;
  const words = year === undefined ? CAPTIONS[name] : `since ${year}, ${how}`;
  return `Cumulative net PnL, ${words ?? name.replaceAll("_", " ")}`;
}

const CAPTIONS: Readonly<Record<string, string>> = {
  last_24hours: "last 24 hours of the run",
  last_5minutes: "last 5 minutes of the run",
};
