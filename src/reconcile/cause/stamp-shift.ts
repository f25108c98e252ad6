import type {NodeRows} from "../record/node-rows.js";

/** How many bars prod's rows stand after those of the simulation that they equal. */
export interface StampShift {
  /** Positive: prod's row at a bar is the simulation's of that many bars before. */
  readonly bars: number;
  /** Of the values that agree once moved, whole percent. */
  readonly share: number;
}

const SHIFTS = [1, -1, 2, -2, 3, -3];
const ENOUGH = 0.9;
const HARDLY = 0.5;
const FEWEST_ROWS = 4;

/**
 * A constant shift of all rows in time, found where nearly all values that agree with none as they
 * stand agree once moved; undefined where there is none.
 */
export function stampShift(prod: NodeRows, sim: NodeRows): StampShift | undefined {
  const rows = prod.ends.filter((end) => sim.ends.includes(end));
  if (rows.length < FEWEST_ROWS || agreement({prod, sim, rows}, 0) > HARDLY) {
    return undefined;
  }
  for (const bars of SHIFTS) {
    const share = agreement({prod, sim, rows}, bars);
    if (share >= ENOUGH) {
      return {bars, share: Math.round(100 * share)};
    }
  }
  return undefined;
}

interface RowsOfBoth {
  readonly prod: NodeRows;
  readonly sim: NodeRows;
  /** Ends that both have. */
  readonly rows: Float64Array;
}

/** Share of the known values of prod's rows that equal the simulation's `shift` rows before. */
function agreement({prod, sim, rows}: RowsOfBoth, shift: number): number {
  let [equal, known] = [0, 0];
  const at = (node: NodeRows): Map<number, number> =>
    new Map(Array.from(node.ends, (end, t) => [end, t]));
  const [prodAt, simAt] = [at(prod), at(sim)];
  for (const [name, frame] of prod.fresh) {
    const other = sim.fresh.get(name);
    for (const [j, id] of prod.instruments.entries()) {
      const column = other?.data[sim.instruments.indexOf(id)];
      for (let k = Math.max(0, shift); column && k < rows.length + Math.min(0, shift); ++k) {
        const x = frame.data[j]?.[prodAt.get(rows[k] as number) as number] as number;
        const y = column[simAt.get(rows[k - shift] as number) as number] as number;
        if (!Number.isNaN(x) && !Number.isNaN(y)) {
          known += 1;
          equal += Number(x === y);
        }
      }
    }
  }
  return known === 0 ? 0 : equal / known;
}
