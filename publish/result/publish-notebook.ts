import {basename, extname, join} from "node:path";
import {readNotebookText} from "../notebook/file/read-notebook.js";
import {runNotebook} from "../notebook/run-notebook.js";
import {type FigurePainter, withFigurePainter} from "../render/picture/figure-painter.js";
import {aheadPainter} from "../render/picture/paint-ahead.js";
import {nowMs} from "../timers.js";
import {writeWhole} from "../whole-file.js";
import {checkPublishing} from "./check-publishing.js";
import {withLockedFolder} from "./locked-folder.js";
import {createRunLog} from "./log/run-log.js";
import {createRunnerLog} from "./log/runner-log.js";
import type {PublishEffects, PublishRequest, PublishResult} from "./publish-request.js";
import {readProvenance} from "./record/provenance.js";
import type {ResultContext} from "./result-context.js";
import {fileStamp, resultPaths} from "./result-folder.js";
import {writeResult} from "./result-writer.js";
import {runInFolder} from "./run-in-folder.js";

const realEffects: PublishEffects = {
  runNotebook,
  writeFile: writeWhole,
  withPainter: withFigurePainter,
  readProvenance,
};

/**
 * Runs a notebook and publishes what came of it: the page, the executed notebook, its pictures, its
 * logs and a record, every file written whole. `success.txt` comes last and only when every cell
 * ran, all output arrived and everything could be shown. A run that failed is published too, under
 * a banner, without the marker, and replaces no page under a name that stays. A run whose page
 * could not be put on the site that was asked for has no marker either: running it again is what
 * mends that.
 *
 * @throws PublishError `bad-notebook`, `bad-parameter` or, while another run writes to the folder,
 *   `folder-in-use`, before anything ran, with the folder as it was; `write-failed` when a file
 *   could not be written, without a marker
 */
export async function publishNotebook(
  request: PublishRequest,
  effects: PublishEffects = realEffects,
): Promise<PublishResult> {
  checkPublishing(request.publishTo);
  const {attempts = 1, dstDir, notebookPath, now = nowMs} = request;
  const source = await readNotebookText(notebookPath);
  const name = request.name ?? basename(notebookPath, extname(notebookPath));
  const {index = 0} = request;
  const begunAt = now();
  const {writeFile} = effects;
  const runnerPath = join(dstDir, `log.${fileStamp(begunAt)}.txt`);
  const runnerLog = request.runnerLog ?? createRunnerLog(runnerPath, {now, writeFile});
  const common = {name, source, request, writeFile, runnerLog, now, log: createRunLog(now)};
  const pathsOf = (startedAt: number) => resultPaths(dstDir, {name, index, startedAt});
  const runAll = async (ownPainter: FigurePainter) => {
    const painter = aheadPainter(request.painter ?? ownPainter);
    for (let attempt = 1; ; ++attempt) {
      const startedAt = attempt === 1 ? begunAt : now();
      const paths = pathsOf(startedAt);
      const context: ResultContext = {...common, painter, paths, attempt, startedAt};
      const {outcome, provenance} = await runInFolder(context, effects);
      const result = await writeResult(outcome, {...context, provenance});
      const isFinal = result.exitCode === 0 || result.status === "interrupted";
      if (isFinal || attempt >= attempts) return result;
    }
  };
  return withLockedFolder(pathsOf(begunAt).folder, () => effects.withPainter(runAll));
}
