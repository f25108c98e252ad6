import {type EpochMs, formatMinute} from "../../time/epoch.js";
import {freshValue} from "../layers/seen-again.js";
import type {NodeRows} from "../record/node-rows.js";
import {type Cause, type CauseName, causeOf, type Scene} from "./cause.js";
import {wordOf} from "./scene.js";
import {valueInWindow} from "./seen-rows.js";

/**
 * That all that differs is what one bar's record says of one node: had the node said so, what is
 * made of it would be another. Undefined where anything else differs, or nothing could have shown
 * it.
 *
 * @param other what it is called where the record is right
 */
export function loneRecordCause(scene: Scene, other: CauseName): Cause | undefined {
  const {first, both, layers} = scene;
  const {barEnd, instrument, node: id, field, prod, sim} = first;
  const nodes = [both.prod, both.sim].map((side) => side.nodes.find((node) => node.id === id));
  const [own, its] = nodes as [NodeRows, NodeRows];
  const isShown = layers.some(
    ({name, status}) => name === "target positions" && status !== "missing",
  );
  if (!isShown || !isLone(scene)) {
    return undefined;
  }
  const cell = {feature: field, instrument, end: barEnd};
  const sides = [own, its].map((node) => nextValue(node, cell));
  const fresh = [own, its].map((node) => freshValue(node, cell));
  const isProd = Object.is(sides[0], fresh[1]);
  const isSim = !isProd && Object.is(sides[1], fresh[0]);
  const owner = isProd ? "Prod's record" : isSim ? "The simulation's record" : "One of the records";
  const later = isProd || isSim ? " Its own next record has the other's value." : "";
  return causeOf(
    {name: "record contradicts itself", confidence: "likely"},
    [
      `${owner} contradicts itself: ${field} of node ${id} for ${instrument} at ` +
        `${formatMinute(barEnd)} UTC is ${wordOf(prod)} in prod and ${wordOf(sim)} in sim, and ` +
        `nothing that is made of it is another.${later}`,
    ],
    [
      [
        isLate(scene) && (isProd || isSim) ? "late data" : other,
        "it may have been so, and nothing have followed from it",
      ],
    ],
  );
}

/** True where a run lacks market data that the other has; with its next record it came later. */
function isLate({first: {layer, prod, sim}}: Scene): boolean {
  return layer === "market data" && Number.isNaN(prod) !== Number.isNaN(sim);
}

/** True where everything that differs is in the record of one node and one bar. */
function isLone({first, both, layers, gaps}: Scene): boolean {
  const bars = Float64Array.from(new Set([...both.prod.bars, ...both.sim.bars])).sort();
  const due = (end: EpochMs): EpochMs => bars.find((bar) => bar >= end) ?? Number.NaN;
  const bar = due(first.barEnd);
  return layers
    .filter(({name}) => name !== "config")
    .every(({name, differences: {barEnd, node}}) =>
      barEnd.every(
        (end, row) => gaps.has(name, row) || (node[row] === first.node && due(end) === bar),
      ),
    );
}

/** What the next record that holds a row has in it; undefined where none does. */
function nextValue(
  node: NodeRows,
  cell: {readonly feature: string; readonly instrument: string; readonly end: EpochMs},
): number | undefined {
  const at = node.windows.findIndex(({ends}) => ends.includes(cell.end));
  const next = node.windows[at + 1];
  return at < 0 || next === undefined ? undefined : valueInWindow(node, next, cell);
}
