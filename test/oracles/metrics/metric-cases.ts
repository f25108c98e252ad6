import {readdirSync} from "node:fs";
import {expect} from "vitest";
import {HAS_SHARED, readJson, SHARED_DIR} from "../shared.js";

/** A number of an oracle; NaN and infinities are written as text. */
export type Cell = number | "NaN" | "Infinity" | "-Infinity" | null;

export interface SeriesJson {
  readonly __series: {readonly index: readonly string[]; readonly values: readonly Cell[]};
}

export interface FrameJson {
  readonly __frame: {
    readonly index: readonly string[];
    readonly columns: readonly string[];
    readonly data: readonly (readonly Cell[])[];
  };
}

/** The files of `oracles/metrics`, by name. */
export const METRIC_FILES: readonly string[] = HAS_SHARED
  ? readdirSync(`${SHARED_DIR}oracles/metrics`).sort()
  : [];

export const readMetrics = <T>(name: string): T => readJson<T>(`oracles/metrics/${name}`);

export function numberOf(cell: Cell): number {
  return cell === null ? Number.NaN : Number(cell);
}

export function columnOf(series: SeriesJson): Float64Array {
  return Float64Array.from(series.__series.values, numberOf);
}

/** Epoch ms of every row. */
export function indexOf({__series}: SeriesJson): Float64Array {
  return timesOf(__series.index);
}

/** Texts without an offset are UTC. */
export function timesOf(index: readonly string[]): Float64Array {
  return Float64Array.from(index, (text) =>
    Date.parse(/Z$|[+-]\d\d:\d\d$/.test(text) || text.length === 10 ? text : `${text}Z`),
  );
}

/** NaN equals NaN, infinity itself; else within the tolerance, absolute or relative. */
export function expectNear(found: number, wanted: number, tolerance: number): void {
  if (Number.isFinite(wanted)) {
    const distance = Math.abs(found - wanted);
    expect(distance, `${found}, wanted ${wanted}`).toBeLessThanOrEqual(
      tolerance * Math.max(1, Math.abs(wanted)),
    );
  } else {
    expect(found).toBe(wanted);
  }
}

export function expectAllNear(
  found: ArrayLike<number>,
  wanted: ArrayLike<number>,
  tolerance: number,
): void {
  expect(found.length).toBe(wanted.length);
  for (let i = 0; i < wanted.length; ++i) {
    expectNear(found[i] as number, wanted[i] as number, tolerance);
  }
}
