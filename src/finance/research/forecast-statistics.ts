import {type Column, type Frame, makeFrame} from "../../table/frame.js";
import {addKnown, barTotals, type InstrumentBars} from "../pnl/bar-metrics.js";
import type {EvaluatorParams} from "./forecast-params.js";
import type {ForecastInputs} from "./forecast-trim.js";

/** Statistics of a research portfolio that grow as instruments are added. */
export interface ForecastStatistics {
  /** Adds instrument number j. */
  add(bars: InstrumentBars, j: number): void;
  /** Adds some bars of an instrument, from a row on; only without extended statistics. */
  addRows(bars: InstrumentBars, from: number): void;
  frame(): Frame;
}

/**
 * Bar metrics of a research portfolio, with fees and counts where asked for.
 *
 * fees = gross volume · feeBps / 10⁴ · gpc Σ|sign(position)|, names held · npc Σ sign(position),
 * long less short · wnl Σ sign(pnl), winners less losers · tc Σ ½ · |traded| · spread, half the
 * spread of every trade.
 */
export function forecastStatistics(
  {price, spread}: ForecastInputs,
  {feeBps = 0, computeExtendedStats = false}: EvaluatorParams,
): ForecastStatistics {
  const totals = barTotals(price.index);
  const names = computeExtendedStats ? ["gpc", "npc", "wnl", ...(spread ? ["tc"] : [])] : [];
  const extended = names.map(() => new Float64Array(price.index.length).fill(Number.NaN));
  return {
    add(bars, j) {
      totals.add(bars);
      if (computeExtendedStats) {
        extendedCells(bars, spread?.data[j]).forEach((cells, i) => {
          addKnown(extended[i] as Float64Array, cells);
        });
      }
    },
    addRows: totals.add,
    frame() {
      const {index, columns, data} = totals.metrics;
      const grossVolume = data[1] as Column;
      const fees = feeBps > 0 ? [grossVolume.map((x) => (x * feeBps) / 1e4)] : [];
      const added = [...fees.map(() => "fees"), ...names];
      return makeFrame(index, [...columns, ...added], [...data, ...fees, ...extended]);
    },
  };
}

function extendedCells({value, traded, pnl}: InstrumentBars, spread?: Column): Float64Array[] {
  const side = value.map(Math.sign);
  const cells = [side.map(Math.abs), side, pnl.map(Math.sign)];
  return spread
    ? [...cells, traded.map((x, t) => 0.5 * Math.abs(x) * (spread[t] as number))]
    : cells;
}
