import type {ColumnTable} from "arquero";
import {distance} from "../../reconcile/compare/difference.js";
import type {Layer} from "../../reconcile/layers/layer.js";
import type {Reconciliation} from "../../reconcile/reconcile-runs.js";
import {formatMinute} from "../../time/epoch.js";
import {type Figure, timeAxis} from "../figure.js";
import {formatDistance} from "../number-text.js";
import {note, type Sentence} from "../sentence.js";
import {makeTable} from "../table.js";

/** The layers that nodes put out. */
const NODE_LAYERS: readonly string[] = ["market data", "DAG nodes"];

/**
 * Prod against simulation, every node over all bars: what was compared, how much differs, how far
 * and from when on; or that no node output was recorded.
 */
export function nodeDifferences({layers}: Reconciliation): ColumnTable | Sentence {
  const wanted = nodeLayers(layers);
  const nodes = [...new Set(wanted.flatMap(({fields}) => fields.map(({node}) => node)))];
  if (nodes.length === 0) {
    return note("No node output was recorded.");
  }
  const fieldsOf = (id: string) =>
    wanted.flatMap(({fields}) => fields.filter(({node}) => node === id));
  const sum = (values: readonly number[]) => values.reduce((all, one) => all + one, 0);
  const firsts = firstBars(wanted);
  return makeTable({
    Node: nodes,
    Compared: nodes.map((id) => sum(fieldsOf(id).map(({cells}) => cells))),
    Differing: nodes.map((id) => sum(fieldsOf(id).map(({differing}) => differing))),
    "Largest difference": nodes.map((id) => largest(fieldsOf(id), "maxAbsolute")),
    "Largest, relative": nodes.map((id) => largest(fieldsOf(id), "maxRelative")),
    "First at bar (UTC)": nodes.map((id) => firsts.get(id) ?? ""),
  });
}

function largest(
  fields: readonly {readonly maxAbsolute: number; readonly maxRelative: number}[],
  which: "maxAbsolute" | "maxRelative",
): string {
  return formatDistance(Math.max(0, ...fields.map((field) => field[which])));
}

function firstBars(layers: readonly Layer[]): ReadonlyMap<string, string> {
  const firsts = new Map<string, number>();
  for (const {differences} of layers) {
    for (let i = 0; i < differences.length; ++i) {
      const node = differences.node[i] as string;
      firsts.set(node, Math.min(firsts.get(node) ?? Infinity, differences.barEnd[i] as number));
    }
  }
  return new Map(Array.from(firsts, ([node, bar]) => [node, formatMinute(bar)]));
}

/** Values on one side only are drawn as this: as far apart as can be. */
const ALL = 1;

/**
 * Nodes by bars: the largest relative difference of each, in powers of ten; or that nothing
 * differs.
 */
export function nodeDifferencesFigure({layers}: Reconciliation): Figure | Sentence {
  const wanted = nodeLayers(layers).filter(({differences}) => differences.length > 0);
  if (wanted.length === 0) {
    return note("No node differs at any bar: there is no difference to draw.");
  }
  const cells = new Map<string, Map<number, number>>();
  for (const {differences} of wanted) {
    for (let i = 0; i < differences.length; ++i) {
      const [node, bar] = [differences.node[i] as string, differences.barEnd[i] as number];
      const bars = cells.get(node) ?? new Map<number, number>();
      const {relative} = distance(differences.prod[i] as number, differences.sim[i] as number);
      const size = Math.max(bars.get(bar) ?? 0, Math.min(ALL, relative));
      cells.set(node, bars.set(bar, size));
    }
  }
  const nodes = [...cells.keys()].reverse();
  const bars = [...new Set([...cells.values()].flatMap((one) => [...one.keys()]))].sort(
    (a, b) => a - b,
  );
  return {
    data: [
      {
        type: "heatmap",
        x: bars.map((bar) => new Date(bar).toISOString()),
        y: nodes,
        z: nodes.map((node) => bars.map((bar) => powerOf(cells.get(node)?.get(bar)))),
        zmin: -6,
        zmax: 0,
        hovertemplate: "%{y}<br>%{x} UTC<br>10^%{z:.1f} of the value<extra></extra>",
        colorscale: "Cividis",
        colorbar: {
          title: {text: "relative difference", side: "right"},
          tickvals: [-6, -4, -2, 0],
          ticktext: ["1e-6", "1e-4", "1 %", "all of it"],
        },
      },
    ],
    layout: {
      title: {text: "Where nodes differ, and how much"},
      height: 120 + 28 * nodes.length,
      margin: {l: 150, r: 24, t: 56, b: 48},
      xaxis: timeAxis(),
      yaxis: {type: "category"},
    },
  };
}

function powerOf(size: number | undefined): number | null {
  return size === undefined || size === 0 ? null : Math.log10(size);
}

function nodeLayers(layers: readonly Layer[]): Layer[] {
  return layers.filter(({name}) => NODE_LAYERS.includes(name));
}
