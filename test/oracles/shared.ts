import {existsSync, readFileSync} from "node:fs";
import {fileURLToPath} from "node:url";
import type {BarTable, SymbolBars} from "../../src/market/bars.js";
import {parseCsv, parseNumberCell} from "../../src/table/csv.js";
import {type Frame, frameFromRows} from "../../src/table/frame.js";
import {parseUtc} from "../../src/time/utc-text.js";

/** The folder of oracles and market data that may stand beside the checkout. */
export const SHARED_DIR = fileURLToPath(new URL("../../../shared/", import.meta.url));
export const HAS_SHARED = existsSync(SHARED_DIR);
/** For the title of a suite that is skipped without it. */
export const NEEDS_SHARED = HAS_SHARED ? "" : " (skipped: needs ../shared, which is absent)";

/** A parsed oracle of `oracles/system`. */
export function readOracle<T>(name: string): T {
  return JSON.parse(readFileSync(`${SHARED_DIR}oracles/system/${name}`, "utf8")) as T;
}

/** A parsed JSON file of the shared folder: `oracles/metrics/freqtrade_metrics.json`. */
export function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(`${SHARED_DIR}${path}`, "utf8")) as T;
}

/** A table of an oracle. */
export interface OracleTable {
  readonly index: readonly string[];
  readonly columns: readonly (string | number)[];
  readonly data: readonly (readonly (number | null)[])[];
}

/** An oracle's table as a frame; null is NaN. */
export function toFrame({index, columns, data}: OracleTable): Frame {
  return frameFromRows(
    index.map((text) => parseUtc(text)),
    columns.map(String),
    data.map((row) => row.map((cell) => cell ?? Number.NaN)),
  );
}

/** Bars of a csv of the reference: one row per instrument and bar, ET stamps, any columns. */
export function readOracleBars(name: string, barMs: number): BarTable {
  const text = readFileSync(`${SHARED_DIR}oracles/system/${name}`, "utf8");
  const [heads = [], ...rows] = parseCsv(text);
  const at = (row: string[], head: string): string => row[heads.indexOf(head)] as string;
  const features = heads.filter(
    (head) => !["start_datetime", "end_datetime", "timestamp_db", "asset_id"].includes(head),
  );
  const symbols = [...new Set(rows.map((row) => at(row, "asset_id")))];
  const bySymbol = new Map<string, SymbolBars>();
  for (const symbol of symbols) {
    const own = rows.filter((row) => at(row, "asset_id") === symbol);
    const column = (head: string) =>
      Float64Array.from(own, (row) => parseNumberCell(at(row, head)));
    bySymbol.set(symbol, {
      barEnd: Float64Array.from(own, (row) => parseUtc(at(row, "end_datetime"))),
      knowledgeTime: Float64Array.from(own, (row) => parseUtc(at(row, "timestamp_db"))),
      columns: new Map(features.map((head) => [head, column(head)])),
    });
  }
  return {barMs, symbols, bySymbol};
}
