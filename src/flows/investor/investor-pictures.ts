import {join} from "node:path";
import type {FigurePainter} from "../../../publish/render/picture/figure-painter.js";
import {makeFolder} from "../../make-folder.js";
import {INVESTOR_PICTURE} from "../../report/investor/cumulative-pnl-figure.js";
import {
  type InvestorQuery,
  investorPictures,
  loadInvestorPnl,
} from "../../report/investor/investor-pnl.js";
import {writeWholeFile} from "../../runlog/whole-file.js";

/** A picture file and what it shows. */
export interface InvestorPicture {
  readonly path: string;
  readonly caption: string;
}

/**
 * Paints `cumulative_pnl.{since_YYYY,last_24hours,last_5minutes}.png` into a folder: the model's
 * backtest over the whole stored history and what the run earned; the windows that have data.
 *
 * @throws ReckonError `bad-data` when the store lacks the market or the folder holds no run
 */
export async function writeInvestorPictures(
  query: InvestorQuery,
  dstDir: string,
  painter: FigurePainter,
): Promise<InvestorPicture[]> {
  makeFolder(dstDir);
  const pictures: InvestorPicture[] = [];
  for (const {fileName, figure} of investorPictures(await loadInvestorPnl(query))) {
    const path = join(dstDir, fileName);
    writeWholeFile(path, await painter.paint(figure, INVESTOR_PICTURE));
    pictures.push({path, caption: captionOf(fileName)});
  }
  return pictures;
}

/** `cumulative_pnl.since_2025.png` in words; the picture itself says the rest. */
function captionOf(fileName: string): string {
  const [, window = ""] = /^cumulative_pnl\.(.+)\.png$/.exec(fileName) ?? [];
  const [, year] = /^since_(\d{4})$/.exec(window) ?? [];
  const words = year === undefined ? CAPTIONS[window] : `since ${year}, backtest`;
  return `Cumulative net PnL, ${words ?? window}`;
}

const CAPTIONS: Readonly<Record<string, string>> = {
  last_24hours: "last 24 hours of the run",
  last_5minutes: "the run up to its last closed bar",
};
