import {type EpochMs, formatMinute} from "../../time/epoch.js";
import {formatCount} from "../../words.js";
import type {Difference} from "../compare/difference.js";
import type {Comparable} from "../layers/comparable.js";
import {featureSeenAgain, freshValue} from "../layers/seen-again.js";
import type {NodeRows, NodeWindow} from "../record/node-rows.js";
import type {SideName} from "../record/recorded-side.js";
import {wordOf} from "./scene.js";

/** A row of a node that one run alone told otherwise at a bar than when it recorded it first. */
export interface ChangedRow {
  readonly side: SideName;
  readonly node: string;
  readonly feature: string;
  readonly instrument: string;
  /** End of the row. */
  readonly end: EpochMs;
  /** Of the record that tells it otherwise. */
  readonly barEnd: EpochMs;
  /** What the row was recorded as first, and what it is here. */
  readonly values: readonly [fresh: number, now: number];
  /** True where the next record has the first value again: nothing that is computed goes so. */
  readonly isTakenBack: boolean;
  /** True where the next record has it as this one does: the run went on with it. */
  readonly isKept: boolean;
}

/** The row that a difference is of; undefined where it is none of what was seen again. */
export function changedRow(
  {prod, sim}: Comparable,
  difference: Difference,
): ChangedRow | undefined {
  const {barEnd, instrument, node: id, field} = difference;
  const feature = featureSeenAgain(field);
  const nodes = [prod, sim].map(({nodes}) => nodes.find((node) => node.id === id));
  const [a, b] = nodes.map((node) => node?.windows.find((one) => one.barEnd === barEnd));
  if (feature === undefined || a === undefined || b === undefined) {
    return undefined;
  }
  const [own, other] = nodes as [NodeRows, NodeRows];
  const cell = {feature, instrument};
  const end = a.ends.find(
    (row) =>
      Object.is(valueInWindow(own, a, {...cell, end: row}), difference.prod) &&
      Object.is(valueInWindow(other, b, {...cell, end: row}), difference.sim),
  );
  if (end === undefined) {
    return undefined;
  }
  const fresh = freshValue(own, {...cell, end});
  const isProd = !Object.is(fresh, difference.prod);
  const node = isProd ? own : other;
  const next = node.windows.find((one) => one.barEnd > barEnd);
  const first = isProd ? fresh : freshValue(other, {...cell, end});
  const now = Number(isProd ? difference.prod : difference.sim);
  const later = next && valueInWindow(node, next, {...cell, end});
  return {
    ...{side: isProd ? "prod" : "sim", node: id, feature, instrument, end, barEnd},
    values: [first, now],
    isTakenBack: later !== undefined && Object.is(later, first),
    isKept: later !== undefined && Object.is(later, now),
  };
}

/** That a record says two things of one row, in a sentence. */
export function changedText({values: [fresh, now], ...row}: ChangedRow): string {
  const {side, node, feature, instrument, end, barEnd, isTakenBack} = row;
  const owner = side === "prod" ? "Prod's" : "The simulation's";
  return (
    `${owner} record contradicts itself: at ${formatMinute(barEnd)} UTC node ${node} has ` +
    `${feature} ${wordOf(now)} in the row of ${instrument} that ended ${formatMinute(end)} UTC, ` +
    `which it recorded as ${wordOf(fresh)} before${isTakenBack ? " and after" : ""}.`
  );
}

/** Of several rows, the first of each node. */
export function changedTexts(rows: readonly ChangedRow[]): string[] {
  const nodes = [...new Set(rows.map(({side, node}) => `${side} ${node}`))];
  return nodes.map((key) => {
    const own = rows.filter(({side, node}) => `${side} ${node}` === key);
    const more = own.length - 1;
    const rest = more === 0 ? "" : ` Likewise ${formatCount(more, "more value")} of it.`;
    return `${changedText(own[0] as ChangedRow)}${rest}`;
  });
}

interface Cell {
  readonly feature: string;
  readonly instrument: string;
  readonly end: EpochMs;
}

/** What a node's record of a bar has in a cell; undefined where it has no such row. */
export function valueInWindow(
  {instruments}: NodeRows,
  {ends, at, cells}: NodeWindow,
  {feature, instrument, end}: Cell,
): number | undefined {
  const [row, k] = [ends.indexOf(end), at.findIndex((j) => instruments[j] === instrument)];
  return row < 0 || k < 0 ? undefined : cells.get(feature)?.[row * at.length + k];
}
