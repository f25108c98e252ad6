import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";
import {onTestFinished} from "vitest";

/** A folder of a desk's own with these files, for the length of one test. */
export function deskFolder(files: Readonly<Record<string, string>>): string {
  const dir = mkdtempSync(join(tmpdir(), "reckon-desk-"));
  onTestFinished(() => rmSync(dir, {recursive: true, force: true}));
  for (const [name, text] of Object.entries(files)) {
    const path = join(dir, name);
    mkdirSync(dirname(path), {recursive: true});
    writeFileSync(path, text);
  }
  return dir;
}

/**
 * A module with a model that repeats the market's close as its prediction; it imports nothing.
 *
 * @param more further properties, as JavaScript
 */
export function modelModule(id: string, more = ""): string {
  return `
const echo = {
  id: "forecast",
  inputs: {market: "market"},
  predict: ({market}) => {
    const close = market.features.get("close");
    const features = new Map([["close", close], ["volatility", close], ["prediction", close]]);
    return {...market, features};
  },
};
export const model = {
  id: ${JSON.stringify(id)},
  summary: "a model of the desk's own",
  config: {dag_config: {forecast: {scale: 1}}},
  dag: () => ({nodes: [echo], given: ["market"]}),
  ${more}
};
`;
}
