import type {ConfigValue} from "../config/config-tree.js";
import {lastRows, type Panel, slicePanel} from "../table/panel.js";
import {KeptOutput} from "./kept-output.js";
import type {Node} from "./node.js";
import {rowsBetween, shiftOf, type WindowShift} from "./window-shift.js";

/** What one node, or one panel from outside, left behind for the next bar. */
interface Seen {
  readonly kept: KeptOutput;
  /** What the node had learned then. */
  readonly learned: ConfigValue | undefined;
  /** How the panel follows from the one before; undefined where it was computed whole. */
  readonly shift: WindowShift | undefined;
}

/**
 * What a DAG remembers from bar to bar, so that nodes which say how far they look back compute new
 * rows only. The outputs are the same to the bit as without; see `Node.lookbackRows`.
 *
 * One belongs to one DAG that is run over one window after the other.
 */
export class MovingWindow {
  readonly #seen = new Map<string, Seen>();

  /** Takes note of a panel from outside. */
  give(name: string, panel: Panel): void {
    const before = this.#seen.get(name)?.kept.panel;
    const shift = before === undefined ? undefined : shiftOf(before, panel);
    this.#seen.set(name, {kept: new KeptOutput(panel), learned: undefined, shift});
  }

  /** The node's output: its new rows after those that are known, or all of it computed. */
  predict(
    node: Node,
    inputs: Readonly<Record<string, Panel>>,
    learned: ConfigValue | undefined,
  ): Panel {
    const moved = this.#moveOn(node, inputs, learned);
    if (moved !== undefined) {
      return moved;
    }
    const panel = node.predict(inputs, learned);
    const isKept = node.lookbackRows !== undefined && hasLastRowsOf(panel, Object.values(inputs));
    if (isKept) {
      const index = lastRowsOfIndex(inputs, panel.index.length);
      const kept = new KeptOutput({...panel, index});
      this.#seen.set(node.id, {kept, learned, shift: undefined});
    } else {
      this.#seen.delete(node.id);
    }
    return panel;
  }

  #moveOn(
    node: Node,
    inputs: Readonly<Record<string, Panel>>,
    learned: ConfigValue | undefined,
  ): Panel | undefined {
    const before = this.#seen.get(node.id);
    const rows = this.#rowsMoved(node);
    if (before === undefined || !Object.is(before.learned, learned) || rows === undefined) {
      return undefined;
    }
    const {kept} = before;
    const length = kept.panel.index.length;
    const index = lastRowsOfIndex(inputs, length);
    const views = this.#views(node, inputs, {rows, length});
    // What was kept may be older than the bar before: that one may have failed half-way.
    if (views === undefined || rowsBetween(kept.panel.index, index) !== rows) {
      return undefined;
    }
    const tail = node.predict(views.tail, learned);
    const head = views.headRows > 0 ? node.predict(views.head, learned) : undefined;
    const isFit =
      isLike(tail, kept.panel) &&
      tail.index.length >= rows &&
      (head === undefined || (isLike(head, kept.panel) && head.index.length === views.headRows));
    if (!isFit) {
      return undefined;
    }
    const {panel, changed} = kept.moveOn(index, rows, {head, tail});
    this.#seen.set(node.id, {kept, learned, shift: {rows, changed}});
    return panel;
  }

  /** By how many rows all inputs of a node have moved on; undefined where one did not just move. */
  #rowsMoved({lookbackRows, inputs}: Node): number | undefined {
    let rows: number | undefined;
    for (const id of lookbackRows === undefined ? [] : Object.values(inputs)) {
      const moved = this.#seen.get(id)?.shift?.rows;
      if (moved === undefined || (rows !== undefined && rows !== moved)) {
        return undefined;
      }
      rows = moved;
    }
    return rows;
  }

  /** The parts of the inputs that new rows, and changed leading rows, depend on. */
  #views(
    {inputs: ids, lookbackRows = {}}: Node,
    inputs: Readonly<Record<string, Panel>>,
    {rows, length}: {readonly rows: number; readonly length: number},
  ): Views | undefined {
    const names = Object.keys(ids);
    const leftOut = (name: string): number => (inputs[name] as Panel).index.length - length;
    const reach = (name: string): number => (lookbackRows[name] ?? Infinity) - 1;
    let headRows = 0;
    for (const name of names) {
      const {changed = 0} = this.#seen.get(ids[name] as string)?.shift ?? {};
      headRows = Math.max(headRows, changed + reach(name) - leftOut(name));
    }
    if (headRows > length - rows) {
      return undefined;
    }
    const cut = (part: (panel: Panel, name: string) => Panel): Record<string, Panel> =>
      Object.fromEntries(names.map((name) => [name, part(inputs[name] as Panel, name)]));
    return {
      headRows,
      tail: cut((panel, name) => lastRows(panel, reach(name) + rows)),
      head: headRows === 0 ? {} : cut((all, name) => slicePanel(all, 0, leftOut(name) + headRows)),
    };
  }
}

interface Views {
  readonly tail: Readonly<Record<string, Panel>>;
  readonly head: Readonly<Record<string, Panel>>;
  readonly headRows: number;
}

/** The last times of a node's inputs: the same memory in every bar, where a node may copy. */
function lastRowsOfIndex(inputs: Readonly<Record<string, Panel>>, count: number): Float64Array {
  const [first] = Object.values(inputs) as [Panel];
  return first.index.subarray(first.index.length - count);
}

/** True when the output's rows are the last ones of each input, one for one. */
function hasLastRowsOf({index}: Panel, inputs: readonly Panel[]): boolean {
  const [first] = inputs;
  return (
    first !== undefined &&
    inputs.every((input) => {
      const leftOut = input.index.length - index.length;
      return leftOut >= 0 && index.every((time, t) => time === input.index[t + leftOut]);
    })
  );
}

/** True when the panels have the same instruments and features. */
function isLike(panel: Panel, kept: Panel): boolean {
  const {columns, features} = kept;
  return (
    (panel.columns === columns || panel.columns.every((id, j) => id === columns[j])) &&
    panel.columns.length === columns.length &&
    panel.features.size === features.size &&
    [...features.keys()].every((name) => panel.features.has(name))
  );
}
