import {messageOf} from "../../errors.js";
import type {NodeStem} from "../../runlog/layout.js";
import type {RunFolder} from "../../runlog/reading/run-folder.js";
import {usableWindows} from "../../runlog/reading/usable-records.js";
import {percentChange} from "../../stats/comparison/compare-frames.js";
import type {EpochMs} from "../../time/epoch.js";
import {DEFAULT_TOLERANCE, distance} from "../compare/difference.js";
import {type RevisedCell, selfConsistency} from "./self-consistency.js";

/** A value that a node gave at one bar and took back at the next. */
export interface Revision extends RevisedCell {
  readonly node: string;
  /** The bar at which the node gave `before`. */
  readonly earlierBar: EpochMs;
  /** The bar at which it gave `after` for the same row. */
  readonly laterBar: EpochMs;
  /** 100 · (after − before) / |before|, the reference's percent units; NaN where one is missing. */
  readonly percent: number;
}

/** A bar of which a node's record could not be used. */
export interface LostBar {
  /** NaN where no bar could be read: the node's one file is damaged. */
  readonly barEnd: EpochMs;
  readonly why: string;
}

/** How a node agrees with itself over a run. */
export interface NodeConsistency {
  readonly node: string;
  /** Pairs of successive bars. */
  readonly pairs: number;
  /** Values that both windows of a pair hold, over all pairs. */
  readonly compared: number;
  /** Rows that both windows of a pair hold, over all pairs; 0 says nothing of the node. */
  readonly sharedRows: number;
  readonly revised: number;
  /** Bars of which the record could not be used, and why, naming the file. */
  readonly lost: readonly LostBar[];
  /** Revised values by later bar; bars without are left out. */
  readonly revisedAt: ReadonlyMap<EpochMs, number>;
  readonly first?: Revision;
  /** Furthest apart, relative to its size. */
  readonly largest?: Revision;
}

const percentOf = percentChange();

/**
 * Checks every predicting node of a run at every pair of successive bars: the rows that both
 * windows hold must be equal, whatever the length of the windows. Of a bar whose record cannot be
 * used, those beside it are set against one another.
 *
 * @param tolerance relative
 */
export async function checkNodes(
  run: RunFolder,
  tolerance: number = DEFAULT_TOLERANCE,
): Promise<NodeConsistency[]> {
  const found: NodeConsistency[] = [];
  for (const stem of run.nodes().filter(({method}) => method === "predict")) {
    const {windows, lost} = await readableWindows(run, stem);
    found.push({...nodeConsistency(stem.id, windows, tolerance), lost});
  }
  return found;
}

async function readableWindows(
  run: RunFolder,
  stem: NodeStem,
): Promise<{readonly windows: Windows; readonly lost: readonly LostBar[]}> {
  const told = (error: unknown): string => messageOf(error).replaceAll(`${run.dir}/`, "");
  try {
    const {windows, lost} = await usableWindows(run, stem);
    return {windows, lost: lost.map(({barEnd, error}) => ({barEnd, why: told(error)}))};
  } catch (error) {
    return {windows: [], lost: [{barEnd: Number.NaN, why: told(error)}]};
  }
}

type Windows = Parameters<typeof selfConsistency>[0];

/** The same for one node, from what it put out at each bar, in time order. */
export function nodeConsistency(
  node: string,
  windows: Windows,
  tolerance: number = DEFAULT_TOLERANCE,
): NodeConsistency {
  const checks = selfConsistency(windows, tolerance);
  const revisedAt = new Map<EpochMs, number>();
  let [compared, sharedRows, revised] = [0, 0, 0];
  let first: Revision | undefined;
  let largest: Revision | undefined;
  for (const [i, {barEnd, differences, sharedRows: rows}] of checks.entries()) {
    const {barEnd: earlierBar, panel} = windows[i] as Windows[number];
    sharedRows += rows;
    compared += rows * panel.columns.length * panel.features.size;
    revised += differences.length;
    if (differences.length > 0) {
      revisedAt.set(barEnd, differences.length);
    }
    for (const cell of differences) {
      const revision = {...cell, node, earlierBar, laterBar: barEnd, percent: percentBy(cell)};
      first ??= revision;
      largest = largest === undefined || sizeOf(revision) > sizeOf(largest) ? revision : largest;
    }
  }
  const pairs = checks.length;
  return {
    ...{node, pairs, compared, sharedRows, revised, revisedAt, lost: []},
    ...(first === undefined || largest === undefined ? {} : {first, largest}),
  };
}

function sizeOf({before, after}: RevisedCell): number {
  return distance(before, after).relative;
}

function percentBy({before, after}: RevisedCell): number {
  return percentOf(after, before);
}
