import {type EpochMs, formatMinute} from "../../time/epoch.js";
import type {NodeRows} from "../record/node-rows.js";
import {barNotes, type NotCompared, type SideName} from "../record/not-compared.js";

/** A bar that both runs recorded of a node, and how far their records reach. */
interface Pair {
  readonly barEnd: EpochMs;
  /** End of the oldest row, prod and sim. */
  readonly reach: readonly [number, number];
  /** Rows, prod and sim. */
  readonly rows: readonly [number, number];
}

/**
 * Records that look back less far than the run's others do beside those of the other run: rows that
 * only the other's record holds are not compared.
 */
export function windowNotes(
  prod: NodeRows,
  sim: NodeRows,
  isComparable: (barEnd: EpochMs) => boolean,
): NotCompared[] {
  const at = new Map(Array.from(sim.bars, (bar, k) => [bar, k]));
  const pairs = Array.from(prod.bars, (barEnd, k): Pair | undefined => {
    const other = at.get(barEnd);
    return other === undefined || !isComparable(barEnd)
      ? undefined
      : {
          barEnd,
          reach: [prod.reach[k] as number, sim.reach[other] as number],
          rows: [prod.counts[k] as number, sim.counts[other] as number],
        };
  }).filter((pair) => pair !== undefined);
  const usual = {
    reach: median(pairs.map(({reach: [a, b]}) => a - b)),
    rows: median(pairs.map(({rows: [a, b]}) => a - b)),
  };
  const shorter = (side: SideName): readonly NotCompared[] => {
    const sign = side === "prod" ? 1 : -1;
    const notes = pairs.filter(({reach, rows}) => {
      const later = sign * (reach[0] - reach[1] - usual.reach);
      const fewer = sign * (usual.rows - (rows[0] - rows[1]));
      return later > 0 && fewer > 0;
    });
    return barNotes(
      `node ${prod.id}`,
      side,
      notes.map(({barEnd, reach}) => ({
        barEnd,
        why:
          "the record looks back less far than others, only to " +
          `${formatMinute(reach[side === "prod" ? 0 : 1])} UTC: older rows are not compared`,
      })),
    );
  };
  return [...shorter("prod"), ...shorter("sim")];
}

/** Of an even number, the upper of the two in the middle; 0 of none. */
function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}
