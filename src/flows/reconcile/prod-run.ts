import {existsSync} from "node:fs";
import {mkdir, mkdtemp, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {dirname, join, relative} from "node:path";
import {openStorage} from "../../../publish/storage/open-storage.js";
import {isS3Place} from "../../../publish/storage/s3-storage.js";
import type {Storage} from "../../../publish/storage/storage.js";
import {ReckonError} from "../../errors.js";
import {findRuns} from "../../reconcile/discovery/find-runs.js";
import {runPath, taggedModel} from "../../reconcile/discovery/reconciliation-layout.js";
import type {ReconciliationRequest} from "./request.js";

/** Where a recorded run is. */
export interface ProdRun {
  /** The run folder. */
  readonly logDir: string;
  /** What it printed, where that is kept outside the run folder. */
  readonly consoleLog?: string;
}

/**
 * The recorded run of a request: the folder it names, else the run of these times below the root,
 * in our layout or the older one. Where there is none, the place where it would be.
 *
 * @throws ReckonError `bad-data` when a folder holds the logs of several schedule modes
 */
export function prodRunOf(request: ReconciliationRequest): ProdRun {
  const {runDir, prodDataSourceDir, model, tag, runMode, start, end, scheduleMode} = request;
  if (runDir !== undefined) {
    const name = `log.${scheduleMode}.txt`;
    const consoleLog = [join(dirname(runDir), "logs", name), join(dirname(runDir), name)];
    return withLog(runDir, consoleLog.find(existsSync));
  }
  const run = findRuns(prodDataSourceDir, {model, tag, runMode, start, end: start}).find(
    (one) => one.end === end && one.scheduleMode === scheduleMode,
  );
  if (run === undefined) {
    return {logDir: join(prodDataSourceDir, runPath(request), "system_log_dir")};
  }
  return withLog(run.logDir, run.consoleLog);
}

/** A log inside the run folder is copied with it. */
function withLog(logDir: string, consoleLog: string | undefined): ProdRun {
  const isInside = consoleLog === undefined || !relative(logDir, consoleLog).startsWith("..");
  return isInside ? {logDir} : {logDir, consoleLog};
}

/** The folder of the recorded run of a request. */
export function prodRunDir(request: ReconciliationRequest): string {
  return prodRunOf(request).logDir;
}

/**
 * Gives `work` a request whose recorded run is on this machine: one in a bucket is fetched into a
 * folder that is removed at the end.
 *
 * @throws ReckonError `bad-data` when the bucket has no such run; PublishError `upload-failed` when
 *   it cannot be asked
 */
export async function withLocalRun<T>(
  request: ReconciliationRequest,
  work: (local: ReconciliationRequest) => Promise<T>,
): Promise<T> {
  const {prodDataSourceDir, runDir, awsProfile} = request;
  if (runDir !== undefined || !isS3Place(prodDataSourceDir)) {
    return await work(request);
  }
  const folder = await mkdtemp(join(tmpdir(), "reckon-fetched-"));
  const storage = openStorage(
    prodDataSourceDir,
    awsProfile === undefined ? {} : {profile: awsProfile},
  );
  try {
    await fetchRuns(storage, request, folder);
    return await work({...request, prodDataSourceDir: folder});
  } finally {
    storage.close();
    await rm(folder, {recursive: true, force: true});
  }
}

/** Files asked for at the same time. */
const AT_ONCE = 16;

/** Everything of the request's interval, in either layout, under its own path below `folder`. */
async function fetchRuns(
  storage: Storage,
  request: ReconciliationRequest,
  folder: string,
): Promise<void> {
  const ours = runPath(request).replaceAll("\\", "/");
  const theirs = ours.replace(`/${request.scheduleMode}/`, "/");
  const listed = [...(await storage.list(`${ours}/`)), ...(await storage.list(`${theirs}/`))];
  if (listed.length === 0) {
    throw new ReckonError("bad-data", {
      place: storage.place,
      expected: `a run below ${ours} or ${theirs}`,
      found: "no file",
      fix: `check the bucket, ${taggedModel(request)}, its modes and times`,
    });
  }
  const keys = listed.map(({key}) => key);
  const fetchNext = async (): Promise<void> => {
    for (let key = keys.pop(); key !== undefined; key = keys.pop()) {
      const content = await storage.get(key);
      if (content === undefined) {
        throw new ReckonError("bad-data", {
          place: storage.address(key),
          expected: "the file that was listed",
          found: "it is gone since",
          fix: "reconcile again when nobody moves files there",
        });
      }
      const path = join(folder, key);
      await mkdir(dirname(path), {recursive: true});
      await writeFile(path, content);
    }
  };
  await Promise.all(Array.from({length: AT_ONCE}, fetchNext));
}
