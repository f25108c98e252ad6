import {type CodeCell, hasTag, type Notebook} from "../file/nbformat.js";
import type {Assignment} from "./assign-parameters.js";
import {variableOf} from "./parameter-layer.js";
import {toSource} from "./parameter-source.js";
import {SecretValue} from "./types/parameter-type.js";

const injectedTag = "injected-parameters";

/**
 * The notebook with a cell that sets the values, right after the one tagged `parameters` and in
 * place of an older such cell. A secret's value stays out of it: the cell reads it from the
 * kernel's environment, where {@link secretVariables} puts it.
 */
export function injectParameters(notebook: Notebook, assignments: readonly Assignment[]): Notebook {
  const kept = notebook.cells.filter((cell) => !hasTag(cell, injectedTag));
  const at = kept.findIndex((cell) => cell.cell_type === "code" && hasTag(cell, "parameters")) + 1;
  const cell: CodeCell = {
    cell_type: "code",
    id: freshId(kept.map(({id}) => id)),
    metadata: {tags: [injectedTag]},
    source: ["// Parameters of this run", ...assignments.map(toDeclaration)].join("\n"),
    execution_count: null,
    outputs: [],
  };
  return {...notebook, cells: [...kept.slice(0, at), cell, ...kept.slice(at)]};
}

/** The variables of the kernel's environment that hold secrets. */
export function secretVariables(assignments: readonly Assignment[]): Record<string, string> {
  const secrets = assignments.flatMap(({parameter, value}) =>
    value instanceof SecretValue ? [[variableOf(parameter.name), value.reveal()] as const] : [],
  );
  return Object.fromEntries(secrets);
}

/** The declaration anew, which a later cell may make again, with its annotation. */
function toDeclaration({parameter: {annotation, keyword, name}, value}: Assignment): string {
  const type = annotation === undefined ? "" : `: ${annotation}`;
  const source = value instanceof SecretValue ? `process.env.${variableOf(name)}` : toSource(value);
  return `${keyword} ${name}${type} = ${source};`;
}

function freshId(taken: readonly string[]): string {
  let id = injectedTag;
  for (let n = 2; taken.includes(id); ++n) {
    id = `${injectedTag}-${n}`;
  }
  return id;
}
