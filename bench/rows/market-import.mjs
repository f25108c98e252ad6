import {existsSync, readdirSync, readFileSync} from "node:fs";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {gunzipSync} from "node:zlib";

const from = fileURLToPath(new URL("../../../shared/data/binance_perp_5m/", import.meta.url));
const source = {exchange: "binance", timeframe: "5m"};

/** Five months of 5-minute bars of 16 perpetuals, csv.gz to Parquet, into an empty store. */
export const row = {
  name: "market import, 709,632 rows",
  target: "<= 5 s, 1 GB",
  limitMs: 5_000,
  limitMb: 1_024,
  repeat: 3,
  missing: () => (existsSync(from) ? undefined : "needs ../shared, which is absent"),
  async prepare(dataDir) {
    const {importCsv} = await import("../../dist/src/market/csv/import-csv.js");
    return {dataDir, importCsv};
  },
  run: ({dataDir, importCsv}) => importCsv({...source, dataDir, from}),
  check,
};

/** Reads the store back and compares it with the csv text, symbol by symbol. */
async function check(report, {dataDir}) {
  const {readBars} = await import("../../dist/src/market/parquet/read-bars.js");
  const table = await readBars({...source, dataDir});
  let total = 0;
  for (const file of readdirSync(from)) {
    const [symbol] = file.split("-");
    const closes = table.bySymbol.get(symbol)?.columns.get("close") ?? [];
    const wanted = closesOf(join(from, file));
    total += closes.length;
    if (closes.length !== wanted.length || !wanted.every((close, t) => close === closes[t])) {
      return `${symbol}: the store's closes differ from the csv's`;
    }
  }
  const isWhole = report.status === "stored" && total === 709_632;
  return isWhole ? undefined : `expected 709632 rows stored, found ${total} (${report.status})`;
}

function closesOf(path) {
  const [, ...lines] = gunzipSync(readFileSync(path)).toString("utf8").trimEnd().split("\n");
  return lines.map((line) => Number(line.split(",")[4]));
}
