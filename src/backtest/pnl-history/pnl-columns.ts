import {ReckonError} from "../../errors.js";
import {netPnl as netOf} from "../../finance/pnl/net-pnl.js";
import {makeFrame} from "../../table/frame.js";
import type {FileColumn} from "../../table/parquet.js";
import {DAY_MS} from "../../time/epoch.js";
import {parseUtc} from "../../time/utc-text.js";
import {type PnlHistory, toPnlHistory} from "./pnl-history.js";

/** Heads under which a column of times may stand, best first. */
export const TIME_HEADS = [
  "bar_end",
  "end_timestamp",
  "timestamp",
  "end_ts",
  "datetime",
  "time",
  "date",
  "index",
  "__index_level_0__",
  "",
] as const;

/** Currencies that the pictures write as $. */
const DOLLARS = ["USD", "USDT", "USDC"];

/**
 * The history that the columns of a file tell: a time, and `net_pnl`, or `pnl` from which `fees`
 * are taken and to which `funding` is added where these are there; `gmv` and `currency` if given.
 *
 * @throws ReckonError `bad-data` when a column is missing, a cell is no number or no time, or the
 *   money is no dollars
 */
export function historyOfColumns(place: string, columns: readonly FileColumn[]): PnlHistory {
  const found = columns.map(({name}) => name || "(no head)").join(", ");
  const head = TIME_HEADS.find((name) => columns.some((column) => column.name === name));
  const time = columns.find(({name}) => name === head);
  const hasPnl = columns.some(({name}) => name === "pnl" || name === "net_pnl");
  if (time === undefined || !hasPnl) {
    throw new ReckonError("bad-data", {
      place,
      expected: "a column of times (timestamp, date …) and one of money, pnl or net_pnl",
      found: found === "" ? "no column" : found,
      fix: columns.some(({name}) => /^returns?$/.test(name))
        ? "multiply the returns by the capital first"
        : "rename the columns",
    });
  }
  checkCurrency(place, columns);
  const {instants, isWholeDays} = instantsOf(place, time);
  const money = (name: string): Float64Array | undefined => moneyOf(place, columns, name);
  const net = money("net_pnl") ?? netOfParts(instants, money);
  const gmv = money("gmv") ?? new Float64Array(instants.length).fill(Number.NaN);
  const notes = isWholeDays ? ["The file has a row a day; a day ends at midnight UTC."] : [];
  return toPnlHistory(place, {time: instants, netPnl: net, gmv}, notes);
}

function netOfParts(
  index: Float64Array,
  money: (name: string) => Float64Array | undefined,
): Float64Array {
  const names = ["pnl", "fees", "funding"].filter((name) => money(name) !== undefined);
  return netOf(
    makeFrame(
      index,
      names,
      names.map((name) => money(name) as Float64Array),
    ),
  );
}

function checkCurrency(place: string, columns: readonly FileColumn[]): void {
  const column = columns.find(({name}) => name === "currency");
  const names = [...new Set<string>((column?.data as readonly string[] | undefined) ?? [])];
  const others = names.filter((name) => !DOLLARS.includes(name.trim().toUpperCase()));
  if (column !== undefined && (others.length > 0 || names.length > 1)) {
    throw new ReckonError("bad-data", {
      place: `${place}, column currency`,
      expected: `one of ${DOLLARS.join(", ")} in all rows`,
      found: names.join(", "),
      fix: "convert the PnL to dollars first",
    });
  }
}

/** A day without a time of day is the bar that ends at the midnight after it. */
function instantsOf(
  place: string,
  column: FileColumn,
): {instants: Float64Array; isWholeDays: boolean} {
  if (column.kind !== "text") {
    return {instants: column.data, isWholeDays: false};
  }
  const isWholeDays = column.data.every((text) => /^\d{4}-\d{2}-\d{2}$/.test(text.trim()));
  const shift = isWholeDays && column.data.length > 0 ? DAY_MS : 0;
  const instants = Float64Array.from(
    column.data,
    (text, row) =>
      parseTime(text.trim(), `${place}, row ${row + 1}, column ${column.name}`) + shift,
  );
  return {instants, isWholeDays: shift > 0};
}

/** A time with an offset, or without one in UTC; a day is its midnight; a number is epoch ms. */
function parseTime(text: string, place: string): number {
  if (/^\d{12,14}$/.test(text)) {
    return Number(text);
  }
  const [, day, clock = "00:00", seconds = ":00", zone = "Z"] =
    /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2})(:\d{2}(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?)?$/.exec(
      text,
    ) ?? [];
  return parseUtc(day === undefined ? text : `${day} ${clock}${seconds}${zone}`, place);
}

function moneyOf(
  place: string,
  columns: readonly FileColumn[],
  name: string,
): Float64Array | undefined {
  const column = columns.find((one) => one.name === name);
  if (column === undefined || column.kind !== "text") {
    return column?.data;
  }
  return Float64Array.from(column.data, (text, row) => {
    const cell = text.trim();
    const value = cell === "" || /^nan$/i.test(cell) ? Number.NaN : Number(cell);
    if (Number.isNaN(value) && cell !== "" && !/^nan$/i.test(cell)) {
      throw new ReckonError("bad-data", {
        place: `${place}, row ${row + 1}, column ${name}`,
        expected: "a number",
        found: JSON.stringify(text),
      });
    }
    return value;
  });
}
