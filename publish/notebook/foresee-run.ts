import type {Foreseen} from "../kernel/kernel.js";
import {withoutRunNotes} from "./clean/strip.js";
import {isPassedOver} from "./file/cell-tags.js";
import {cellNames} from "./file/cell-title.js";
import {readNotebook} from "./file/read-notebook.js";
import {prepareRun} from "./prepare-run.js";
import type {RunOptions} from "./run-outcome.js";

/**
 * What a kernel can get ready for before this run begins: the cells as they will be, with the given
 * parameters among them. Parameters that are not known yet may be left out or be others: that costs
 * the cell that sets them, and no more where all are declared with their types.
 *
 * @param modules packages that the kernel loads before the run's environment reaches it; they must
 *   be such that loading them asks for nothing of it, and does nothing else
 * @throws PublishError `bad-notebook`, `bad-parameter`
 */
export async function foreseeRun(
  options: RunOptions,
  modules: readonly string[] = [],
): Promise<Foreseen> {
  const source = withoutRunNotes(await readNotebook(options.notebookPath));
  const {notebook} = await prepareRun(source, options);
  const names = cellNames(notebook);
  const cells = notebook.cells.flatMap(({cell_type, metadata, source: code}, index) => {
    const isRun = cell_type === "code" && !isPassedOver(metadata.tags ?? [], options);
    return isRun ? [{name: names[index] ?? "", source: code}] : [];
  });
  return {modules, cells};
}
