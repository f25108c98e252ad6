import {readdir, stat} from "node:fs/promises";
import {basename, dirname, join} from "node:path";
import {isErrno, ReckonError} from "../../errors.js";
import {formatCount} from "../../words.js";
import {canonicalTimeframe} from "../timeframe.js";

/** A csv file and the instrument its name tells. */
export interface CsvSource {
  readonly path: string;
  readonly symbol: string;
}

const CSV = /\.csv(\.gz)?$/i;
const STEM = /^(?<symbol>.+?)(?:-(?<timeframe>\d+(?:s|min|m|h|d))(?:-.*)?)?$/;

/**
 * The csv and csv.gz files of a folder (not of its subfolders), in the order of their names.
 *
 * `BTCUSDT-5m.csv.gz`, `BTCUSDT-5m-2025.csv` and `BTCUSDT.csv` all hold bars of BTCUSDT; a
 * timeframe in the name has to be the one asked for. A single file may be named instead.
 *
 * @throws ReckonError `bad-data` for a missing folder, one without csv, or another timeframe
 */
export async function findCsv(path: string, timeframe: string): Promise<CsvSource[]> {
  const {dir, names} = await listFiles(path);
  const csv = names.filter((name) => CSV.test(name)).sort();
  if (csv.length === 0) {
    throw new ReckonError("bad-data", {
      place: path,
      expected: "files named like BTCUSDT-5m.csv or BTCUSDT-5m.csv.gz",
      found:
        names.length === 0
          ? "an empty folder"
          : `${formatCount(names.length, "file")}, no csv among them`,
    });
  }
  return csv.map((name) => parseName(join(dir, name), timeframe));
}

async function listFiles(path: string): Promise<{dir: string; names: string[]}> {
  try {
    return (await stat(path)).isDirectory()
      ? {dir: path, names: await readdir(path)}
      : {dir: dirname(path), names: [basename(path)]};
  } catch (error) {
    if (isErrno(error, "ENOENT")) {
      const complaint = {place: path, expected: "a folder of csv files", found: "nothing there"};
      throw new ReckonError("bad-data", complaint, {cause: error});
    }
    throw error;
  }
}

function parseName(path: string, timeframe: string): CsvSource {
  const groups = STEM.exec(basename(path).replace(CSV, ""))?.groups;
  const symbol = groups?.symbol ?? "";
  const named = groups?.timeframe;
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(symbol)) {
    throw new ReckonError("bad-data", {
      place: path,
      expected: "a name that begins with the symbol, such as BTCUSDT-5m.csv",
      found: JSON.stringify(basename(path)),
    });
  }
  if (named !== undefined && canonicalTimeframe(named) !== canonicalTimeframe(timeframe)) {
    throw new ReckonError("bad-data", {
      place: path,
      expected: `bars of ${timeframe}`,
      found: `${named} in the file's name`,
      fix: `import it with --timeframe ${named}, or move it elsewhere`,
    });
  }
  return {path, symbol};
}
