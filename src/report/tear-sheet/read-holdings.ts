import {readFileSync} from "node:fs";
import {messageOf, ReckonError} from "../../errors.js";
import type {Transaction} from "../../stats/trades/round-trips.js";
import {parseCsv, parseNumberCell} from "../../table/csv.js";
import {type Frame, frameFromRows} from "../../table/frame.js";
import {dateReader} from "./read-dated-values.js";

/** Positions and trades, where they were given. */
export interface Holdings {
  /** Market values by instrument, and `cash`; instants increase. */
  readonly positions: Frame | undefined;
  /** In time order. */
  readonly trades: readonly Transaction[] | undefined;
}

/**
 * Reads market values: a date, then a column for each instrument and perhaps `cash`. An empty cell
 * is no position.
 *
 * @throws ReckonError `bad-data` with the line of the first thing that is wrong
 */
export function readPositions(path: string, zone: string): Frame {
  const [heads, rows] = readRows(path, ["date"]);
  const names = heads.slice(1);
  const readDate = dateReader(path, zone);
  if (names.length === 0) {
    throw wrong(`${path}, line 1`, "a column for each position after `date`", "none");
  }
  const index = rows.map(({row, line}) => readDate(row[0] ?? "", line));
  index.forEach((time, t) => {
    if (t > 0 && time <= (index[t - 1] as number)) {
      throw wrong(
        `${path}, line ${rows[t]?.line}`,
        "a date after that before",
        `${rows[t]?.row[0]}`,
      );
    }
  });
  const cells = rows.map(({row, line}) =>
    names.map((name, j) => numberIn(`${path}, line ${line}, column \`${name}\``, row[j + 1] ?? "")),
  );
  return frameFromRows(index, names, cells);
}

/**
 * Reads trades: `date,symbol,amount,price`, buys positive.
 *
 * @throws ReckonError `bad-data` with the line of the first thing that is wrong
 */
export function readTrades(path: string, zone: string): Transaction[] {
  const wanted = ["date", "symbol", "amount", "price"];
  const [heads, rows] = readRows(path, wanted);
  const at = wanted.map((name) => heads.indexOf(name)) as [number, number, number, number];
  const readDate = dateReader(path, zone);
  const trades = rows.map(({row, line}): Transaction => {
    const cell = (i: 2 | 3): number => {
      const place = `${path}, line ${line}, column \`${wanted[i]}\``;
      const value = numberIn(place, row[at[i]] ?? "");
      if (value === 0 || Number.isNaN(value) || (i === 3 && value < 0)) {
        const expected = i === 2 ? "an amount, buys positive" : "a price above 0";
        throw wrong(place, expected, JSON.stringify(row[at[i]] ?? ""));
      }
      return value;
    };
    const symbol = row[at[1]] ?? "";
    return {time: readDate(row[at[0]] ?? "", line), symbol, amount: cell(2), price: cell(3)};
  });
  return trades.sort((a, b) => a.time - b.time);
}

interface Row {
  readonly row: readonly string[];
  readonly line: number;
}

function readRows(path: string, wanted: readonly string[]): [string[], Row[]] {
  let text: string;
  try {
    text = readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  } catch (error) {
    throw wrong(path, "a csv file", messageOf(error));
  }
  const [heads = [], ...rows] = parseCsv(text);
  const names = heads.map((head) => head.trim());
  const missing = wanted.find((name) => !names.includes(name));
  if (missing !== undefined) {
    throw wrong(`${path}, line 1`, `a column \`${missing}\``, `${names.join(", ") || "nothing"}`);
  }
  return [names, rows.map((row, i) => ({row, line: i + 2})).filter(({row}) => row.join("") !== "")];
}

function numberIn(place: string, cell: string): number {
  const value = parseNumberCell(cell.trim());
  if (cell.trim() !== "" && !Number.isFinite(value)) {
    throw wrong(place, "a number", JSON.stringify(cell));
  }
  return value;
}

function wrong(place: string, expected: string, found: string): ReckonError {
  return new ReckonError("bad-data", {place, expected, found});
}
