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
}

/** A node whose argument names are checked against its inputs by the compiler. */
export function defineNode<Name extends string>(node: {
  readonly id: string;
  readonly inputs: Readonly<Record<Name, string>>;
  readonly predict: (inputs: Readonly<Record<Name, Panel>>, state?: ConfigValue) => Panel;
  readonly fit?: (inputs: Readonly<Record<Name, Panel>>) => ConfigValue;
}): Node {
  return node as Node;
}
