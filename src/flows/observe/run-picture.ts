import {join} from "node:path";
import {
  type FigurePainter,
  withFigurePainter,
} from "../../../publish/render/picture/figure-painter.js";
import {makeFolder} from "../../make-folder.js";
import {
  cumulativePnlFigure,
  INVESTOR_PICTURE,
} from "../../report/investor/cumulative-pnl-figure.js";
import {liveWindow, runSeries} from "../../report/investor/pnl-series.js";
import {salvagePortfolio} from "../../report/observer/salvage-portfolio.js";
import {runFacts} from "../../report/run-facts.js";
import type {RunFolder} from "../../runlog/reading/run-folder.js";
import {writeWholeFile} from "../../runlog/whole-file.js";
import {printPng} from "../investor/print-png.js";

/**
 * Paints `cumulative_pnl.last_24hours.png` of a run that is 24 hours long to the hour, else
 * `cumulative_pnl.last_5minutes.png`: each shows what its name says, up to the last closed bar.
 *
 * @returns the file; undefined when no bar was recorded
 */
export async function writeRunPicture(
  run: RunFolder,
  dir: string,
  {painter}: {readonly painter?: FigurePainter},
): Promise<string | undefined> {
  const portfolio = await run
    .portfolio()
    .catch(async () => (await salvagePortfolio(run)).portfolio);
  if (portfolio.statistics.index.length === 0) {
    return undefined;
  }
  const series = liveWindow(runSeries({facts: runFacts(run), portfolio}));
  const figure = cumulativePnlFigure(series);
  const png = await (painter === undefined
    ? withFigurePainter((own) => own.paint(figure, INVESTOR_PICTURE))
    : painter.paint(figure, INVESTOR_PICTURE));
  const path = join(dir, `cumulative_pnl.${series.name}.png`);
  makeFolder(dir);
  writeWholeFile(path, printPng(png));
  return path;
}
