import {checkTags, type TagChoice} from "./file/cell-tags.js";
import type {Notebook} from "./file/nbformat.js";
import {applyParameters, type ParametrizedNotebook} from "./parameters/apply-parameters.js";
import type {ParameterLayer} from "./parameters/parameter-layer.js";
import type {RunOptions} from "./run-outcome.js";

type GivenValues = Pick<RunOptions, "parameterLayers" | "parameters" | "parameterTexts">;

/**
 * Checks everything about a run that can be known before a kernel starts, and gives the notebook
 * its parameters.
 *
 * @throws PublishError `bad-notebook`, `bad-parameter`
 */
export async function prepareRun(
  notebook: Notebook,
  options: GivenValues & TagChoice & Pick<RunOptions, "cwd" | "notebookPath">,
): Promise<ParametrizedNotebook> {
  checkTags(notebook, options.notebookPath, options);
  const place = {path: options.notebookPath, cwd: options.cwd};
  return applyParameters(notebook, parameterLayers(options), place);
}

/** All that the options say of values, the weakest first. */
function parameterLayers(options: GivenValues): readonly ParameterLayer[] {
  const {parameterLayers: layers = [], parameters: values = {}, parameterTexts = {}} = options;
  const typed = {origin: "command line", texts: parameterTexts, isOpen: true};
  return [...layers, {origin: "caller", values}, typed];
}
