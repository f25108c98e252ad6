import {ReckonError} from "../../errors.js";
import type {ForecastInputs} from "../../finance/research/forecast-trim.js";
import {type Frame, makeFrame} from "../../table/frame.js";
import {type ForecastCells, readForecastCells} from "./forecast-cells.js";

/** What the columns of a file are called. */
export interface ForecastColumns {
  readonly price: string;
  readonly volatility: string;
  readonly prediction: string;
  /** Taken where the file has it; all others must be there. */
  readonly spread?: string;
}

/** The names that a file has unless told otherwise. */
export const FORECAST_COLUMNS = {
  price: "price",
  volatility: "volatility",
  prediction: "prediction",
  spread: "spread",
} as const;

/**
 * Reads price, volatility and prediction of every asset from a csv or Parquet file.
 *
 * Times are put in order; an asset that lacks a time is missing there.
 *
 * @throws ReckonError `bad-data` with the place of the first thing that is wrong
 */
export async function readForecasts(
  path: string,
  columns: ForecastColumns = FORECAST_COLUMNS,
): Promise<ForecastInputs> {
  const cells = await readForecastCells(path);
  if (cells.time.length === 0) {
    throw new ReckonError("bad-data", {place: path, expected: "rows", found: "only heads"});
  }
  const index = Float64Array.from(new Set(cells.time)).sort();
  const rowAt = new Map(Array.from(index, (time, t) => [time, t]));
  const assets = [...new Set(cells.asset)];
  const columnAt = new Map(assets.map((asset, j) => [asset, j]));
  const cellAt = placesOf(cells, {rowAt, columnAt, rows: index.length});
  const frameOf = (name: string): Frame => {
    const values = featureOf(path, cells, name);
    const flat = new Float64Array(index.length * assets.length).fill(Number.NaN);
    cellAt.forEach((at, i) => {
      flat[at] = values[i] as number;
    });
    const data = assets.map((_, j) => flat.subarray(j * index.length, (j + 1) * index.length));
    return makeFrame(index, assets, data);
  };
  const {price, volatility, prediction, spread} = columns;
  return {
    price: positive(path, frameOf(price), price),
    volatility: frameOf(volatility),
    prediction: frameOf(prediction),
    ...(spread !== undefined && cells.features.has(spread) ? {spread: frameOf(spread)} : {}),
  };
}

function featureOf(path: string, cells: ForecastCells, name: string): readonly number[] {
  const values = cells.features.get(name);
  if (values === undefined) {
    throw new ReckonError("bad-data", {
      place: path,
      expected: `a column \`${name}\``,
      found: [...cells.features.keys()].map((key) => `\`${key}\``).join(", ") || "no other column",
      fix: "name it with --price-col, --volatility-col or --prediction-col",
    });
  }
  return values;
}

/** Where each row of the file goes in columns one behind the other; none goes where another is. */
function placesOf(
  {time, asset, placeOf}: ForecastCells,
  {
    rowAt,
    columnAt,
    rows,
  }: {rowAt: ReadonlyMap<number, number>; columnAt: ReadonlyMap<string, number>; rows: number},
): Float64Array {
  const taken = new Uint8Array(rows * columnAt.size);
  return Float64Array.from(time, (instant, i) => {
    const name = asset[i] as string;
    const at = (columnAt.get(name) as number) * rows + (rowAt.get(instant) as number);
    if (taken[at] === 1 || name === "") {
      throw new ReckonError("bad-data", {
        place: placeOf(i),
        expected: name === "" ? "an asset" : "each time of an asset once",
        found:
          name === "" ? "an empty cell" : `${new Date(instant).toISOString()} of ${name} again`,
      });
    }
    taken[at] = 1;
    return at;
  });
}

function positive(path: string, price: Frame, name: string): Frame {
  price.data.forEach((column, j) => {
    const bad = column.find((x) => x <= 0);
    if (bad !== undefined) {
      throw new ReckonError("bad-data", {
        place: `${path}, column \`${name}\` of ${price.columns[j]}`,
        expected: "prices above 0, or empty cells",
        found: String(bad),
      });
    }
  });
  return price;
}
