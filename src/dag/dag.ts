import {nearestName} from "../config/nearest-name.js";
import {ReckonError} from "../errors.js";
import type {Node} from "./node.js";

/** Nodes in topological order; a node's place is its number in recorded file names. */
export interface Dag {
  readonly nodes: readonly Node[];
  /** Names of the panels that must be given when the DAG runs. */
  readonly given: readonly string[];
}

/**
 * Checks nodes and puts them in topological order; nodes that do not depend on each other keep
 * the order in which they were written.
 *
 * @param given names of the panels handed in from outside, for example `market`
 * @throws ReckonError `misuse`: a duplicate id, an unknown input, or a cycle, naming the ids
 */
export function createDag(nodes: readonly Node[], given: readonly string[] = ["market"]): Dag {
  const ids = nodes.map(({id}) => id);
  checkUnique([...given, ...ids]);
  for (const node of nodes) {
    checkInputs(node, [...given, ...ids]);
  }
  const ordered: Node[] = [];
  const done = new Set(given);
  while (ordered.length < nodes.length) {
    const next = nodes.find(
      ({id, inputs}) => !done.has(id) && Object.values(inputs).every((input) => done.has(input)),
    );
    if (next === undefined) {
      const loop = findCycle(nodes.filter(({id}) => !done.has(id)));
      throw new ReckonError("misuse", {
        place: "dag",
        expected: "nodes without a cycle",
        found: loop.join(" -> "),
      });
    }
    ordered.push(next);
    done.add(next.id);
  }
  return {nodes: ordered, given};
}

function checkUnique(ids: readonly string[]): void {
  const twice = ids.filter((id, i) => ids.indexOf(id) !== i);
  if (twice.length > 0) {
    throw new ReckonError("misuse", {
      place: "dag",
      expected: "every node id once",
      found: `more than once: ${[...new Set(twice)].join(", ")}`,
    });
  }
}

function checkInputs({id, inputs}: Node, known: readonly string[]): void {
  for (const [argument, input] of Object.entries(inputs)) {
    if (!known.includes(input)) {
      const near = nearestName(input, known);
      throw new ReckonError("misuse", {
        place: `dag node "${id}", input "${argument}"`,
        expected: `one of ${known.join(", ")}`,
        found: `unknown node "${input}"`,
        ...(near === undefined ? {} : {fix: `did you mean "${near}"?`}),
      });
    }
  }
}

/** Follows inputs until an id comes back; `nodes` are those that wait for each other. */
function findCycle(nodes: readonly Node[]): string[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const path: string[] = [];
  let here: Node | undefined = nodes[0];
  while (here !== undefined && !path.includes(here.id)) {
    path.push(here.id);
    here = Object.values(here.inputs)
      .map((input) => byId.get(input))
      .find((node) => node !== undefined);
  }
  const loop = path.slice(path.indexOf(here?.id ?? ""));
  return [...loop, here?.id ?? ""].reverse();
}
