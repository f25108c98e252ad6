import {netPnl} from "../../finance/pnl/net-pnl.js";
import {columnOf, type Frame, makeFrame} from "../../table/frame.js";
import {ROLES, type Role} from "../roles.js";
import type {Multiday, ReconciledDay} from "./day.js";

const METRICS = ["pnl", "gross_volume", "net_volume", "gmv", "nmv"] as const;

/**
 * Puts days one after the other: net PnL, volumes, GMV and NMV of each portfolio by bar. A bar that
 * an earlier run has already is that run's.
 *
 * @param days in time order
 */
export function joinDays(days: readonly ReconciledDay[], frequency: string): Multiday {
  const joined = ROLES.map((role) => [role, joinRole(days, role)] as const);
  const metrics = Object.fromEntries(
    joined.filter(([, {frame}]) => frame.index.length > 0).map(([role, {frame}]) => [role, frame]),
  );
  const overlaps = Math.max(...joined.map(([, one]) => one.overlaps));
  return {days, metrics, overlaps, frequency};
}

function joinRole(days: readonly ReconciledDay[], role: Role): {frame: Frame; overlaps: number} {
  const index: number[] = [];
  const data: number[][] = METRICS.map(() => []);
  let overlaps = 0;
  for (const {metrics} of days) {
    const frame = metrics[role];
    const columns = frame === undefined ? [] : columnsOf(frame);
    for (const [t, time] of (frame?.index ?? new Float64Array()).entries()) {
      if (time <= (index.at(-1) ?? Number.NEGATIVE_INFINITY)) {
        overlaps += 1;
        continue;
      }
      index.push(time);
      for (const [j, column] of columns.entries()) {
        data[j]?.push(column[t] as number);
      }
    }
  }
  const columns = data.map((column) => Float64Array.from(column));
  return {frame: makeFrame(Float64Array.from(index), [...METRICS], columns), overlaps};
}

function columnsOf(frame: Frame): Float64Array[] {
  return METRICS.map((name) => (name === "pnl" ? netPnl(frame) : columnOf(frame, name)));
}
