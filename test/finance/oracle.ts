import {existsSync, readFileSync} from "node:fs";
import {fileURLToPath} from "node:url";
import {expect} from "vitest";
import {type Frame, frameFromRows} from "../../src/table/frame.js";

const FOLDER = fileURLToPath(new URL("../../../shared/oracles/system/", import.meta.url));

/** False where the folder `shared` does not stand beside the checkout. */
export const hasOracles = existsSync(FOLDER);

/** Stands in the title of what is skipped without them. */
export const ORACLES = hasOracles ? "oracle" : "oracle (needs ../shared, which is absent)";

export interface Table {
  readonly index: readonly (string | number)[];
  readonly columns: readonly (string | number)[];
  readonly data: readonly (readonly (number | string | null)[])[];
}

/** One oracle file, parsed. */
export function readOracle<T>(name: string): T {
  return JSON.parse(readFileSync(`${FOLDER}${name}`, "utf8"));
}

export function readOracleText(name: string): string {
  return readFileSync(`${FOLDER}${name}`, "utf8");
}

/** A table as a frame; null is NaN. */
export function frameOf(table: Table): Frame {
  const rows = table.data.map((row) => row.map(numberOf));
  const index = table.index.map((at) => (typeof at === "number" ? at : Date.parse(at)));
  return frameFromRows(index, table.columns.map(String), rows);
}

function numberOf(cell: number | string | null): number {
  return cell === null ? Number.NaN : cell === "inf" ? Infinity : Number(cell);
}

/** Both frames have the same axes and agree to 1e-9, absolute or relative; NaN equals NaN. */
export function expectSameFrame(actual: Frame, wanted: Frame, tolerance = 1e-9): void {
  expect([...actual.columns]).toEqual([...wanted.columns]);
  expect([...actual.index]).toEqual([...wanted.index]);
  const differences: string[] = [];
  wanted.data.forEach((column, j) => {
    column.forEach((want, t) => {
      const got = actual.data[j]![t]!;
      const isSame =
        Object.is(got, want) ||
        (Number.isNaN(got) && Number.isNaN(want)) ||
        Math.abs(got - want) <= tolerance * Math.max(1, Math.abs(want));
      if (!isSame) {
        differences.push(`${wanted.columns[j]} row ${t}: ${got}, wanted ${want}`);
      }
    });
  });
  expect(differences).toEqual([]);
}

/** A frame of random cells, each NaN with probability `missing`, from a seeded generator. */
export function randomFrame(
  [rows, columns]: [number, number],
  next: () => number,
  missing = 0,
): Frame {
  const data = Array.from({length: rows}, () =>
    Array.from({length: columns}, () => (next() < missing ? Number.NaN : next() - 0.5)),
  );
  const names = Array.from({length: columns}, (_, j) => String(101 + 100 * j));
  const index = Array.from({length: rows}, (_, t) => Date.UTC(2024, 0, 2) + (t + 1) * 300_000);
  return frameFromRows(index, names, data);
}

/** Numbers in [0, 1) that are the same in every run (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), 1 | state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
}
