import assert from "node:assert/strict";
import type {ConfigValue} from "../config/config-tree.js";
import {messageOf, ReckonError} from "../errors.js";
import type {Panel} from "../table/panel.js";
import {stopwatchMs} from "../time/system-clock.js";
import type {Dag} from "./dag.js";
import type {MovingWindow} from "./moving-window.js";
import type {DagMethod, Node} from "./node.js";
import {type ProcessMemory, readProcessMemory, UNREAD_MEMORY} from "./process-memory.js";

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
  /** Of the process, around the run; NaN where nobody asked. */
  readonly memoryBefore: ProcessMemory;
  readonly memoryAfter: ProcessMemory;
}

/** What the nodes of a DAG learned, by node id. */
export type DagState = Map<string, ConfigValue>;

/** A node's name in files: `predict.3.volatility`. */
export function nodeStem({method, position, id}: Pick<NodeRun, "method" | "position" | "id">) {
  return `${method}.${position}.${id}`;
}

/** How a DAG is run. */
export interface RunDagOptions {
  /** `predict` where left out. */
  readonly method?: DagMethod;
  /** What the nodes know; `fit` writes to it. */
  readonly state?: DagState;
  /** Called after each node, for recording. */
  readonly onNode?: (run: NodeRun) => void;
  /** What `onNode` gets says how much memory the process holds; true where left out. */
  readonly readsMemory?: boolean;
  /** What is remembered from bar to bar, to compute new rows only; `fit` makes no use of it. */
  readonly window?: MovingWindow;
}

/**
 * Runs every node in order and returns the last node's output.
 *
 * `fit` first learns each node's state, then predicts, so that the nodes after it learn from its
 * output.
 *
 * @throws ReckonError `failed` naming the node that threw; the cause is kept
 */
export function runDag(
  dag: Dag,
  given: Readonly<Record<string, Panel>>,
  options: RunDagOptions = {},
): Panel {
  const {method = "predict", state = new Map(), onNode, readsMemory = true} = options;
  const isMoving = method === "predict" && dag.nodes.some((node) => node.lookbackRows);
  const window = isMoving ? options.window : undefined;
  const panels = new Map(Object.entries(given));
  const isTold = onNode !== undefined && readsMemory;
  const readMemory = isTold ? readProcessMemory : () => UNREAD_MEMORY;
  let memory = readMemory();
  for (const name of dag.given) {
    const panel = panels.get(name);
    assert.ok(panel, `the panel "${name}" must be given to the DAG`);
    window?.give(name, panel);
  }
  for (const [position, node] of dag.nodes.entries()) {
    const run = runNode(node, {
      method,
      position,
      panels,
      state,
      window,
      memoryBefore: memory,
      readMemory,
    });
    memory = run.memoryAfter;
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
  readonly window: MovingWindow | undefined;
  readonly memoryBefore: ProcessMemory;
  /** Asking the system costs as much as a small node: NaN where nobody is told. */
  readonly readMemory: () => ProcessMemory;
}

function runNode(node: Node, context: NodeContext): NodeRun {
  const {method, position, panels, state, window, memoryBefore, readMemory} = context;
  const inputs = Object.fromEntries(
    Object.entries(node.inputs).map(([name, id]) => [name, panels.get(id) as Panel]),
  );
  const start = stopwatchMs();
  try {
    if (method === "fit" && node.fit) {
      state.set(node.id, node.fit(inputs));
    }
    const learned = state.get(node.id);
    const output = window?.predict(node, inputs, learned) ?? node.predict(inputs, learned);
    return {
      method,
      position,
      id: node.id,
      output,
      ...(method === "fit" && learned !== undefined ? {state: learned} : {}),
      durationMs: stopwatchMs() - start,
      memoryBefore,
      memoryAfter: readMemory(),
    };
  } catch (cause) {
    throw new ReckonError("failed", `dag node "${node.id}" (${method}): ${messageOf(cause)}`, {
      cause,
    });
  }
}
