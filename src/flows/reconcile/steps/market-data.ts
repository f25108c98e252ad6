import {existsSync, readFileSync, renameSync} from "node:fs";
import {basename, dirname, join} from "node:path";
import {z} from "zod";
import {recordedConfig} from "../../../backtest/research-portfolio.js";
import {ReckonError} from "../../../errors.js";
import {makeFolder} from "../../../make-folder.js";
import type {BarSource} from "../../../market/bars.js";
import {storedSymbols} from "../../../market/parquet/read-bars.js";
import {REPLAY_FILE} from "../../../market/replay-file/write-replay-file.js";
import {RunFolder} from "../../../runlog/reading/run-folder.js";
import {preserveFolder, writeWholeFile} from "../../../runlog/whole-file.js";
import {parsePeriod} from "../../../time/bar-grid.js";
import {DUMPED_INSTRUMENTS, type DumpChoice, dumpMarket} from "../../market/dump-market.js";
import {checkStage} from "../check-stage.js";
import {dumpedUniverse} from "../dumped-universe.js";
import {madeRun} from "../made-run.js";
import {prodRunDir} from "../prod-run.js";
import {checkReplaceable, removeTree, startAside} from "../replace-folder.js";
import {foldersOf, type ReconciliationRequest} from "../request.js";
import {lockTree} from "../write-permission.js";

/** What `run.json` says of a live run's market data. */
const feedSchema = z.object({kind: z.literal("sql"), table: z.string(), exchange: z.string()});

/** How a replay file is put in its place. */
export interface DumpOptions {
  /** A read-only one too; where left out, as the request says. */
  readonly replaces?: boolean;
  /** Asked about the file before it takes its place. */
  readonly isAccepted?: (path: string) => Promise<boolean>;
}

/**
 * Writes the replay file `test_data.csv.gz`: the bars the run saw, history included; from the table
 * of the SQL store that fed a live run, from the Parquet store, or copied from
 * `marketDataSourceDir`. Under `incremental` one that is there is kept, unless it is another than
 * the one to be copied.
 *
 * @throws ReckonError `bad-data` when the store lacks the run's market or the folder its file;
 *   `misuse` for a stage that is not the run's, and for a read-only file that is to stay; `failed`
 *   when the file is not accepted
 */
export async function dumpReplayFile(
  request: ReconciliationRequest,
  {replaces = !request.preventOverwriting, isAccepted}: DumpOptions = {},
): Promise<string> {
  const {marketDump} = foldersOf(request);
  checkDump(request);
  if (!(request.incremental && existsSync(marketDump) && !isOther(request))) {
    checkReplaceable(marketDump, replaces);
    const aside = startAside(join(dirname(marketDump), "market_data"));
    try {
      makeFolder(aside);
      await dumpInto(aside, request);
      if (isAccepted !== undefined && !(await isAccepted(join(aside, basename(marketDump))))) {
        throw new ReckonError("failed", {
          place: marketDump,
          expected: "yes",
          found: "that the file is not right",
          fix: "nothing took its place",
        });
      }
      placeDump(aside, marketDump);
    } finally {
      removeTree(aside);
    }
  }
  if (request.preventOverwriting) {
    for (const path of dumpFiles(dirname(marketDump)).filter(existsSync)) {
      lockTree(path);
    }
  }
  return marketDump;
}

/**
 * The replay file that a simulation by itself reads: the one that is there. Where there is none, it
 * is made; where another one is given, that one takes its place.
 *
 * @returns the name that an older one, which is another, was moved to
 */
export async function readyReplayFile(request: ReconciliationRequest): Promise<string | undefined> {
  const {marketDump} = foldersOf(request);
  if (existsSync(marketDump) && !isOther(request)) {
    return undefined;
  }
  const preserved = preserveFolder(marketDump);
  await dumpReplayFile(request);
  return preserved;
}

/**
 * Looks, before anything is made, for the market that a replay file is to be written from.
 *
 * @throws ReckonError `bad-data` when the Parquet store lacks it
 */
export async function checkMarket(
  request: ReconciliationRequest,
  runDir: string = prodRunDir(request),
): Promise<void> {
  const run = new RunFolder(runDir);
  const {marketDataSourceDir: given, incremental} = request;
  const isKept = incremental && existsSync(foldersOf(request).marketDump);
  if (given !== undefined || isKept || run.layout !== "reckon") {
    return;
  }
  const {table, ...source} = await marketOf(run, request);
  if (table === undefined) {
    await storedSymbols(source);
  }
}

/** What would stop a dump is told before anything is made. */
function checkDump(request: ReconciliationRequest): void {
  const {marketDataSourceDir: given, universeVersion, stage} = request;
  const {prodRun} = foldersOf(request);
  if (given !== undefined) {
    givenReplayFile(given);
  }
  if (given !== undefined && universeVersion !== undefined) {
    throw new ReckonError("misuse", {
      place: "--universe-version",
      expected: "a dump from the store",
      found: "a file that is copied as it is",
      fix: "leave one of --universe-version and --market-data-source-dir out",
    });
  }
  if (given === undefined || existsSync(prodRun)) {
    checkStage(madeRun(request, "prod"), stage);
  }
}

/** True when a file is given, and the one that is there has other bytes. */
function isOther(request: ReconciliationRequest): boolean {
  const {marketDataSourceDir: given} = request;
  return (
    given !== undefined &&
    !readFileSync(givenReplayFile(given)).equals(readFileSync(foldersOf(request).marketDump))
  );
}

async function dumpInto(aside: string, request: ReconciliationRequest): Promise<void> {
  const {marketDataSourceDir: given} = request;
  if (given === undefined) {
    await dumpMarket(await dumpOf(madeRun(request, "prod"), request, join(aside, REPLAY_FILE)));
  } else {
    for (const path of dumpFiles(given).filter(existsSync)) {
      writeWholeFile(join(aside, basename(path)), readFileSync(path));
    }
  }
}

async function dumpOf(
  run: RunFolder,
  request: ReconciliationRequest,
  path: string,
): Promise<DumpChoice> {
  const {start, end} = request;
  const historyMs = parsePeriod(recordedConfig(run).market_data_config.history_lookback);
  return {...(await marketOf(run, request)), path, start, end, historyMs};
}

/** The bars the run saw: of the table that fed it, else of the Parquet store. */
async function marketOf(
  run: RunFolder,
  {dataDir, universeVersion}: ReconciliationRequest,
): Promise<BarSource & Pick<DumpChoice, "table"> & {readonly symbols: readonly string[]}> {
  const {timeframe, asset_ids, ...recorded} = recordedConfig(run).market_data_config;
  const feed = feedSchema.safeParse(run.runRecord()?.feed);
  const exchange = feed.success ? feed.data.exchange : recorded.exchange;
  const symbols =
    universeVersion === undefined
      ? asset_ids
      : await dumpedUniverse(universeVersion, {dataDir, exchange}, asset_ids);
  return {dataDir, exchange, timeframe, symbols, table: feed.success ? feed.data.table : undefined};
}

/** The bars come last: where they are, all is there, and it belongs together. */
function placeDump(aside: string, marketDump: string): void {
  const dir = dirname(marketDump);
  for (const path of dumpFiles(dir).reverse()) {
    removeTree(path);
  }
  for (const name of [DUMPED_INSTRUMENTS, REPLAY_FILE]) {
    if (existsSync(join(aside, name))) {
      renameSync(join(aside, name), join(dir, name));
    }
  }
}

/** The records of the instruments, where there are any, and the replay file. */
function dumpFiles(dir: string): string[] {
  return [DUMPED_INSTRUMENTS, REPLAY_FILE].map((name) => join(dir, name));
}

/**
 * The replay file that a folder is said to have.
 *
 * @throws ReckonError `bad-data`
 */
export function givenReplayFile(dir: string): string {
  const path = join(dir, REPLAY_FILE);
  if (!existsSync(path)) {
    throw new ReckonError("bad-data", {
      place: dir,
      expected: "a file test_data.csv.gz",
      found: existsSync(dir) ? "none" : "no such folder",
      fix: "name the folder that holds it with --market-data-source-dir",
    });
  }
  return path;
}
