import {existsSync} from "node:fs";
import {readdir} from "node:fs/promises";
import {join} from "node:path";
import {isErrno, ReckonError} from "../../errors.js";
import {type EpochMs, toIso} from "../../time/epoch.js";
import type {BarSource} from "../bars.js";
import {canonicalTimeframe} from "../timeframe.js";

/** The file that holds one month of one instrument's bars. */
const BARS_FILE = "bars.parquet";

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** The folder of one exchange in the store. */
export function exchangeDir(dataDir: string, exchange: string): string {
  return join(dataDir, "market", `exchange=${checkName(exchange, "exchange")}`);
}

/** The folder of one exchange and timeframe. */
export function timeframeDir({dataDir, exchange, timeframe}: BarSource): string {
  return join(exchangeDir(dataDir, exchange), `timeframe=${canonicalTimeframe(timeframe)}`);
}

/** The folder of one instrument's bars. */
function symbolDir(source: BarSource, symbol: string): string {
  return join(timeframeDir(source), `symbol=${checkName(symbol, "symbol")}`);
}

/** The file of one month (`2025-07`). */
export function monthFile(source: BarSource, symbol: string, month: string): string {
  return join(symbolDir(source, symbol), `month=${month}`, BARS_FILE);
}

/** The UTC month a bar lies in: one that ends at midnight on the first is the month before's. */
export function monthOf(barEnd: EpochMs): string {
  return toIso(barEnd - 1).slice(0, 7);
}

/** The months that are stored of one instrument, oldest first, with their files. */
export async function monthsOf(
  source: BarSource,
  symbol: string,
): Promise<{month: string; file: string}[]> {
  const months = await partitionsOf(symbolDir(source, symbol), "month");
  // A folder without its file is what a write that failed leaves behind.
  return months
    .map((month) => ({month, file: monthFile(source, symbol, month)}))
    .filter(({file}) => existsSync(file));
}

/** The values a partition has in the store: `partitionsOf(dir, "symbol")` lists its symbols. */
export async function partitionsOf(dir: string, key: string): Promise<string[]> {
  try {
    const entries = await readdir(dir, {withFileTypes: true});
    return (
      entries
        .filter((entry) => entry.name.startsWith(`${key}=`))
        // A folder on another disk is linked in.
        .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
        .map((entry) => entry.name.slice(key.length + 1))
        .sort()
    );
  } catch (error) {
    if (isErrno(error, "ENOENT") || isErrno(error, "ENOTDIR")) {
      return [];
    }
    throw error;
  }
}

/** Exchange and symbol become folder names. */
function checkName(name: string, what: string): string {
  if (!NAME.test(name)) {
    throw new ReckonError("misuse", {
      place: what,
      expected: "letters, digits, . _ or -",
      found: JSON.stringify(name),
    });
  }
  return name;
}
