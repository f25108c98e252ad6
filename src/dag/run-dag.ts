import assert from "node:assert/strict";
import type {ConfigValue} from "../config/config-tree.js";
import {messageOf, ReckonError} from "../errors.js";
import type {Panel} from "../table/panel.js";
import {stopwatchMs} from "../time/system-clock.js";
import type {Dag} from "./dag.js";
import type {DagMethod, Node} from "./node.js";

/** What running one node gave and cost. */
export interface NodeRun {
  readonly method: DagMethod;
  /** Position in topological order, from 0. */
  readonly position: number;
  readonly id: string;
  readonly output: Panel;
  /** What `fit` learned; undefined for `predict`. */
  readonly state?: ConfigValue;
  readonly durationMs: number;
  /** Resident memory of the process around the run, bytes. */
  readonly rssBefore: number;
  readonly rssAfter: number;
}

/** What the nodes of a DAG learned, by node id. */
export type DagState = Map<string, ConfigValue>;

/** A node's name in files: `predict.3.volatility`. */
export function nodeStem({method, position, id}: Pick<NodeRun, "method" | "position" | "id">) {
  return `${method}.${position}.${id}`;
}

/**
 * Runs every node in order and returns the last node's output.
 *
 * `fit` first learns each node's state (kept in `state`), then predicts, so that the nodes after
 * it learn from its output.
 *
 * @param state what the nodes know; `fit` writes to it
 * @param onNode called after each node, for recording
 * @throws ReckonError `failed` naming the node that threw; the cause is kept
 */
export function runDag(
  dag: Dag,
  given: Readonly<Record<string, Panel>>,
  options: {
    readonly method?: DagMethod;
    readonly state?: DagState;
    readonly onNode?: (run: NodeRun) => void;
  } = {},
): Panel {
  const {method = "predict", state = new Map(), onNode} = options;
  const panels = new Map(Object.entries(given));
  const readRss = onNode === undefined ? () => Number.NaN : () => process.memoryUsage.rss();
  let rss = readRss();
  for (const name of dag.given) {
    assert.ok(panels.has(name), `the panel "${name}" must be given to the DAG`);
  }
  for (const [position, node] of dag.nodes.entries()) {
    const run = runNode(node, {method, position, panels, state, rssBefore: rss, readRss});
    rss = run.rssAfter;
    panels.set(node.id, run.output);
    onNode?.(run);
  }
  const last = dag.nodes.at(-1);
  assert.ok(last, "a DAG has at least one node");
  return panels.get(last.id) as Panel;
}

interface NodeContext {
  readonly method: DagMethod;
  readonly position: number;
  readonly panels: ReadonlyMap<string, Panel>;
  readonly state: DagState;
  readonly rssBefore: number;
  /** Asking the system costs as much as a small node: NaN where nobody is told. */
  readonly readRss: () => number;
}

function runNode(node: Node, context: NodeContext): NodeRun {
  const {method, position, panels, state, rssBefore, readRss} = context;
  const inputs = Object.fromEntries(
    Object.entries(node.inputs).map(([name, id]) => [name, panels.get(id) as Panel]),
  );
  const start = stopwatchMs();
  try {
    if (method === "fit" && node.fit) {
      state.set(node.id, node.fit(inputs));
    }
    const learned = state.get(node.id);
    const output = node.predict(inputs, learned);
    return {
      method,
      position,
      id: node.id,
      output,
      ...(method === "fit" && learned !== undefined ? {state: learned} : {}),
      durationMs: stopwatchMs() - start,
      rssBefore,
      rssAfter: readRss(),
    };
  } catch (cause) {
    throw new ReckonError("failed", `dag node "${node.id}" (${method}): ${messageOf(cause)}`, {
      cause,
    });
  }
}
