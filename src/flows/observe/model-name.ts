import {findModel} from "../../models/registry.js";

/**
 * The name that a model's folders carry: the id of a model that is known here, else the class name
 * up to `_DagBuilder`, since a run can be looked at without the model that made it.
 */
export function folderModelName(text: string): string {
  try {
    return findModel(text).id;
  } catch {
    return (text.split(".").at(-1) as string).replace(/_DagBuilder.*$/, "");
  }
}
