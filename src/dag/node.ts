import type {ConfigValue} from "../config/config-tree.js";
import type {Panel} from "../table/panel.js";

/** What a node is run as: `fit` learns from history, `predict` produces the output. */
export type DagMethod = "fit" | "predict";

/** One step of a model: named inputs in, one panel out. Nodes are values; the DAG runs them. */
export interface Node {
  /** Unique in its DAG; also the node's config key and a part of its recorded file's name. */
  readonly id: string;
  /** Argument name -> id of the upstream node, or of a panel that is given to the DAG. */
  readonly inputs: Readonly<Record<string, string>>;
  /**
   * The output from the inputs alone: no clock, no files, no memory of earlier bars.
   *
   * @param state what `fit` last returned; undefined when the node has none or was never fitted
   */
  readonly predict: (inputs: Readonly<Record<string, Panel>>, state?: ConfigValue) => Panel;
  /** Learns from history; the result is plain JSON, is recorded, and is handed to `predict`. */
  readonly fit?: (inputs: Readonly<Record<string, Panel>>) => ConfigValue;
  /**
   * How far the node looks back, per argument: a bar then costs its new rows, not the whole window.
   * Leave it out and every bar computes all rows.
   *
   * `n` of an argument says: row t of the output depends on nothing but that input's rows
   * t − n + 1 to t. Of `n − 1 + k` rows of each input, whatever came before them, `predict` makes
   * the same last `k` rows to the last bit; its output rows are the last ones of each input, one
   * for one. A node that leaves out its first w rows has an `n` of at least w + 1.
   */
  readonly lookbackRows?: Readonly<Record<string, number>>;
}

/** A node whose argument names are checked against its inputs by the compiler. */
export function defineNode<Name extends string>(node: {
  readonly id: string;
  readonly inputs: Readonly<Record<Name, string>>;
  readonly predict: (inputs: Readonly<Record<Name, Panel>>, state?: ConfigValue) => Panel;
  readonly fit?: (inputs: Readonly<Record<Name, Panel>>) => ConfigValue;
  readonly lookbackRows?: Readonly<Record<Name, number>>;
}): Node {
  return node as Node;
}
