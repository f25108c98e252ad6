import {nearestName} from "../config/nearest-name.js";
import {ReckonError} from "../errors.js";
import {c1} from "./c1.js";
import {mock1} from "./mock1.js";
import type {Model} from "./model.js";

/** Every model there is; a new one is a new file and a line here. */
export const MODELS: readonly Model[] = [mock1, c1];

/**
 * The model of an id or alias, or of a reference builder pointer: `a.b.C1_DagBuilder_tmp` is the
 * class name up to `_DagBuilder`.
 *
 * @throws ReckonError `misuse` naming the models there are
 */
export function findModel(name: string): Model {
  const className = name.split(".").at(-1) as string;
  const wanted = className.replace(/_DagBuilder.*$/, "");
  const found = MODELS.find(({id, aliases = []}) => id === wanted || aliases.includes(wanted));
  if (found === undefined) {
    const ids = MODELS.map(({id}) => id);
    const near = nearestName(wanted, ids);
    const hint = near === undefined ? "" : `; did you mean "${near}"?`;
    throw new ReckonError("misuse", `unknown model "${name}"; known: ${ids.join(", ")}${hint}`);
  }
  return found;
}
