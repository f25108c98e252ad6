import {type Frame, makeFrame} from "../../table/frame.js";
import {toleranceOf} from "../compare/difference.js";
import type {NodeRows} from "../record/node-rows.js";
import type {NotCompared, RecordedSide} from "../record/recorded-side.js";
import type {Comparable} from "./comparable.js";
import {type Layer, LayerBuilder, type LayerName} from "./layer.js";
import {windowNotes} from "./node-windows.js";
import {compareSeenAgain, type NodePair} from "./seen-again.js";

/** Values of nodes are returns and ratios too: what is left of sums that cancel is far smaller. */
const NODE_NOISE = 1e-12;

/** Market data as the first node of the DAG read them, and what the other nodes made of them. */
export function compareNodes({prod, sim, isComparable, relative, notCompared: known}: Comparable): {
  readonly market: Layer;
  readonly dag: Layer;
  readonly notCompared: readonly NotCompared[];
} {
  const tolerance = toleranceOf(relative, NODE_NOISE);
  const ids = nodeOrder(prod, sim);
  const notCompared: NotCompared[] = [];
  const compare = (name: LayerName, wanted: readonly string[]): Layer => {
    const builder = new LayerBuilder(name);
    for (const id of wanted) {
      const [a, b] = [prod, sim].map(({nodes}) => nodes.find((node) => node.id === id));
      if (a !== undefined && b !== undefined) {
        const pair = {prod: a, sim: b, isComparable, tolerance};
        compareNode(builder, pair);
        notCompared.push(...windowNotes(a, b, isComparable));
        compareSeenAgain(builder, pair);
      } else {
        const side = a === undefined ? "prod" : "sim";
        if (!known.some((one) => one.side === side && one.what === `node ${id}`)) {
          notCompared.push({what: `node ${id}`, side, why: `${side} recorded no output of it`});
        }
      }
    }
    return builder.layer();
  };
  const [first, ...others] = ids;
  const market = compare("market data", first === undefined ? [] : [first]);
  const dag = compare("DAG nodes", others);
  if (ids.length === 0) {
    notCompared.push({what: "DAG nodes", side: "both", why: "no output of a node was recorded"});
  }
  return {market, dag, notCompared};
}

/**
 * The rows that a side knew of a node when it first could, by feature, of those that the records of
 * both sides reach back to and that are comparable; a row that it came to know later is NaN.
 */
export function freshRows(
  node: NodeRows,
  other: NodeRows,
  isComparable: (barEnd: number) => boolean,
): (feature: string) => Frame {
  const {due, isReached} = reachOf(node, other);
  const rows = Array.from(node.ends.keys()).filter(
    (t) => isReached[t] === 1 && isComparable(node.ends[t] as number),
  );
  const isLate = rows.map((t) => (node.seenAt[t] as number) > (due[t] as number));
  const isWhole = rows.length === node.ends.length && !isLate.includes(true);
  const index = Float64Array.from(rows, (t) => node.ends[t] as number);
  const pick = (column: Float64Array): Float64Array =>
    Float64Array.from(rows, (t, i) => (isLate[i] ? Number.NaN : (column[t] as number)));
  return (feature) => {
    const frame = node.fresh.get(feature);
    return frame === undefined
      ? makeFrame(new Float64Array(), [], [])
      : makeFrame(index, frame.columns, isWhole ? frame.data : frame.data.map(pick));
  };
}

/** The first bar of either side at which each row could be seen, and whether both look so far. */
function reachOf(
  node: NodeRows,
  other: NodeRows,
): {readonly due: Float64Array; readonly isReached: Uint8Array} {
  const bars = Float64Array.from(new Set([...node.bars, ...other.bars])).sort();
  const reach = [node, other].map((one) => {
    const from = new Map(Array.from(one.bars, (bar, k) => [bar, one.reach[k] as number]));
    return bars.map((bar) => from.get(bar) ?? Number.NEGATIVE_INFINITY);
  }) as [Float64Array, Float64Array];
  const isReached = new Uint8Array(node.ends.length);
  let k = 0;
  const due = node.ends.map((end, t) => {
    while (k < bars.length && (bars[k] as number) < end) {
      k += 1;
    }
    const oldest = Math.max(reach[0][k] ?? Infinity, reach[1][k] ?? Infinity);
    isReached[t] = Number(end >= oldest);
    return bars[k] ?? Number.POSITIVE_INFINITY;
  });
  return {due, isReached};
}

function compareNode(builder: LayerBuilder, {prod, sim, isComparable, tolerance}: NodePair): void {
  const [left, right] = [freshRows(prod, sim, isComparable), freshRows(sim, prod, isComparable)];
  for (const field of new Set([...prod.features, ...sim.features])) {
    const pair = {node: prod.id, field, prod: left(field), sim: right(field)};
    builder.compare(pair, tolerance);
  }
}

/** Every node of either side, in the order of prod; those of sim alone come after those before. */
function nodeOrder(prod: RecordedSide, sim: RecordedSide): string[] {
  const [a, b] = [prod.nodes, sim.nodes].map((nodes) => nodes.map(({id}) => id)) as [
    string[],
    string[],
  ];
  return [...a, ...b.filter((id) => !a.includes(id))];
}
