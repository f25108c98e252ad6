import type {UsedParameter} from "../../notebook/run-outcome.js";
import type {WriteFile} from "../../whole-file.js";
import type {PublishRequest} from "../publish-request.js";
import type {ResultPaths} from "../result-folder.js";

/** What a run was asked to do, as JSON and as lines to read. */
export interface ConfigFiles {
  readonly json: string;
  readonly text: string;
}

/** Of the request where it brings its own, else of the parameters that the run used. */
export function configFiles(
  parameters: readonly UsedParameter[],
  request: Pick<PublishRequest, "configJson" | "configText">,
): ConfigFiles {
  const values = parameterValues(parameters);
  const lines = Object.entries(values).map(([key, value]) => `${key} = ${JSON.stringify(value)}\n`);
  const {configJson = values, configText = lines.join("")} = request;
  return {json: `${JSON.stringify(configJson, null, 2)}\n`, text: configText};
}

/** Writes both, through the writer of the moment. */
export async function writeConfig(
  files: ConfigFiles,
  paths: Pick<ResultPaths, "configJson" | "configText">,
  write: WriteFile,
): Promise<void> {
  await write(paths.configJson, files.json);
  await write(paths.configText, files.text);
}

/** The values by name; a default that is an expression is not known here, nor is a secret. */
export function parameterValues(parameters: readonly UsedParameter[]): Record<string, unknown> {
  const known = parameters.filter(({value}) => value !== undefined);
  return Object.fromEntries(known.map(({name, value}) => [name, value]));
}
