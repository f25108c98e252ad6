import {type Column, type Frame, makeFrame} from "../../table/frame.js";
import {quantile} from "../distribution/quantile.js";

/** The largest and the median position of each side, as shares of the portfolio; NaN of none. */
export interface Concentration {
  readonly maxLong: Float64Array;
  readonly medianLong: Float64Array;
  readonly medianShort: Float64Array;
  /** The largest short position, negative. */
  readonly maxShort: Float64Array;
}

/**
 * How concentrated a portfolio is: positions / Σ of all columns, cash among them, of each row.
 *
 * @param positions market values; the column `cash` counts in the sum but is no position
 */
export function concentration(positions: Frame): Concentration {
  const rows = positions.index.length;
  const out = {
    maxLong: new Float64Array(rows),
    medianLong: new Float64Array(rows),
    medianShort: new Float64Array(rows),
    maxShort: new Float64Array(rows),
  };
  for (let t = 0; t < rows; ++t) {
    const cells = positions.data.map((column) => column[t] as number);
    const total = cells.reduce((sum, x) => sum + (Number.isNaN(x) ? 0 : x), 0);
    const shares = Float64Array.from(cells, (x) => x / total).filter(
      (_, j) => positions.columns[j] !== "cash",
    );
    const [longs, shorts] = [shares.filter((x) => x > 0), shares.filter((x) => x < 0)];
    out.maxLong[t] = quantile(longs, 1);
    out.medianLong[t] = quantile(longs, 0.5);
    out.medianShort[t] = quantile(shorts, 0.5);
    out.maxShort[t] = quantile(shorts, 0);
  }
  return out;
}

/** Positions added up by sector, in order of first appearance. */
export interface SectorExposure {
  readonly exposure: Frame;
  /** Symbols without a sector, which are left out. */
  readonly unmapped: readonly string[];
}

/** Positions of each sector; the column `cash` stays as it is. Missing cells are 0. */
export function sectorExposure(
  positions: Frame,
  sectorOf: Readonly<Record<string, string>>,
): SectorExposure {
  const sectors = new Map<string, Float64Array>();
  const unmapped: string[] = [];
  positions.columns.forEach((symbol, j) => {
    const sector = symbol === "cash" ? "cash" : sectorOf[symbol];
    if (sector === undefined) {
      unmapped.push(symbol);
      return;
    }
    const total = sectors.get(sector) ?? new Float64Array(positions.index.length);
    sectors.set(sector, addInto(total, positions.data[j] as Column));
  });
  return {
    exposure: makeFrame(positions.index, [...sectors.keys()], [...sectors.values()]),
    unmapped,
  };
}

function addInto(total: Float64Array, values: Column): Float64Array {
  return total.map(
    (sum, t) => sum + (Number.isNaN(values[t] as number) ? 0 : (values[t] as number)),
  );
}
