import {existsSync, readFileSync} from "node:fs";
import {join} from "node:path";
import type {ConfigTree} from "../config/config-tree.js";
import {messageOf, ReckonError} from "../errors.js";
import {parseReferenceConfig} from "./reference-config.js";
import type {RunLayout} from "./run-layout.js";

/**
 * The config of a run folder. A run that has only just begun may have no `output` yet: its `input`
 * is given then.
 *
 * @throws ReckonError `bad-data` when it is missing or damaged
 */
export function readRunConfig(dir: string, tag: "input" | "output", layout: RunLayout): ConfigTree {
  const extension = layout === "reference" ? "txt" : "json";
  const tags = tag === "output" ? ["output", "input"] : ["input"];
  const paths = tags.map((name) => join(dir, `system_config.${name}.${extension}`));
  const path = paths.find(existsSync) ?? (paths[0] as string);
  return layout === "reference"
    ? parseReferenceConfig(readText(path), path)
    : (readJson(path) as ConfigTree);
}

/**
 * A JSON file of a run folder.
 *
 * @throws ReckonError `bad-data` when it is missing or damaged
 */
export function readJson(path: string): unknown {
  const text = readText(path);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw damaged(path, "whole JSON", cause);
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw damaged(path, "a file that can be read", cause);
  }
}

function damaged(path: string, expected: string, cause: unknown): ReckonError {
  return new ReckonError(
    "bad-data",
    {
      place: path,
      expected,
      found: messageOf(cause),
      fix: "the file is truncated or damaged; restore it or run again",
    },
    {cause},
  );
}
