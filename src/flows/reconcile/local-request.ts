import {mkdir, mkdtemp, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";
import {openStorage} from "../../../publish/storage/open-storage.js";
import {isS3Place} from "../../../publish/storage/s3-storage.js";
import type {Storage} from "../../../publish/storage/storage.js";
import {ReckonError} from "../../errors.js";
import {REPLAY_FILE} from "../../market/replay-file/write-replay-file.js";
import {runPath, taggedModel} from "../../reconcile/discovery/reconciliation-layout.js";
import {DUMPED_INSTRUMENTS} from "../market/dump-market.js";
import {rootPrefixes} from "../run-roots.js";
import type {ReconciliationRequest} from "./request.js";

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
  const {prodDataSourceDir: place, runDir} = request;
  if (runDir !== undefined || place === undefined || !isS3Place(place)) {
    return await work(request);
  }
  return await withFetched(request, place, async (storage, folder) => {
    await fetchFiles(storage, await filesOfRun(storage, request), folder);
    return await work({...request, prodDataSourceDir: folder});
  });
}

/**
 * The same for the folder of a replay file that is used instead of the store.
 *
 * @throws ReckonError `bad-data` when the bucket has no such file; PublishError `upload-failed`
 *   when it cannot be asked
 */
export async function withLocalMarket<T>(
  request: ReconciliationRequest,
  work: (local: ReconciliationRequest) => Promise<T>,
): Promise<T> {
  const {marketDataSourceDir: place} = request;
  if (place === undefined || !isS3Place(place)) {
    return await work(request);
  }
  return await withFetched(request, place, async (storage, folder) => {
    const records = (await storage.has(DUMPED_INSTRUMENTS)) ? [DUMPED_INSTRUMENTS] : [];
    await fetchFiles(storage, [REPLAY_FILE, ...records], folder);
    return await work({...request, marketDataSourceDir: folder});
  });
}

async function withFetched<T>(
  {awsProfile}: ReconciliationRequest,
  place: string,
  use: (storage: Storage, folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "reckon-fetched-"));
  const storage = openStorage(place, awsProfile === undefined ? {} : {profile: awsProfile});
  try {
    return await use(storage, folder);
  } finally {
    storage.close();
    await rm(folder, {recursive: true, force: true});
  }
}

/** Everything of the request's interval, in either layout. */
async function filesOfRun(storage: Storage, request: ReconciliationRequest): Promise<string[]> {
  const ours = runPath(request).replaceAll("\\", "/");
  const theirs = ours.replace(`/${request.scheduleMode}/`, "/");
  const keys: string[] = [];
  for (const prefix of rootPrefixes(request.stage)) {
    for (const path of [ours, theirs]) {
      const listed = await storage.list(`${prefix === "" ? "" : `${prefix}/`}${path}/`);
      keys.push(...listed.map(({key}) => key));
    }
  }
  if (keys.length === 0) {
    throw new ReckonError("bad-data", {
      place: storage.place,
      expected: `a run below ${ours} or ${theirs}`,
      found: "no file",
      fix: `check the bucket, ${taggedModel(request)}, its modes and times`,
    });
  }
  return keys;
}

/** Files asked for at the same time. */
const AT_ONCE = 16;

/** Each under its own key below `folder`. */
async function fetchFiles(
  storage: Storage,
  wanted: readonly string[],
  folder: string,
): Promise<void> {
  const keys = [...wanted];
  const fetchNext = async (): Promise<void> => {
    for (let key = keys.pop(); key !== undefined; key = keys.pop()) {
      const content = await storage.get(key);
      if (content === undefined) {
        throw new ReckonError("bad-data", {
          place: storage.address(key),
          expected: "a file",
          found: "none",
          fix: "check the place, and that nobody moves files there",
        });
      }
      const path = join(folder, key);
      await mkdir(dirname(path), {recursive: true});
      await writeFile(path, content);
    }
  };
  await Promise.all(Array.from({length: AT_ONCE}, fetchNext));
}
