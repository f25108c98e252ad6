import {readFileSync} from "node:fs";
import {isAbsolute, relative} from "node:path";
import {isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument} from "yaml";
import {z} from "zod";
import {messageOf, ReckonError} from "../errors.js";
import {type ConfigTree, formatKeyPath, isConfigTree} from "./config-tree.js";
import {nearestName} from "./nearest-name.js";
import type {Override} from "./override.js";

const tree = z.record(z.string(), z.json());
const list = z.array(z.string().min(1));

/** The keys of `reckon.config.yaml`; a key with nothing after it is as if it were left out. */
const deskSchema = z.strictObject({
  models: list.nullish(),
  notebooks: list.nullish(),
  data_dir: z.string().min(1).nullish(),
  database_url_file: z.string().min(1).nullish(),
  defaults: tree.nullish(),
  model_config: z.record(z.string(), tree.nullable()).nullish(),
});

/** What `reckon.config.yaml` holds, checked. */
export type DeskSettings = z.infer<typeof deskSchema>;

/** A read `reckon.config.yaml`. */
export interface DeskFile {
  readonly settings: DeskSettings;
  /** `reckon.config.yaml:7`: file and line of a key, or of the nearest key above it. */
  placeOf(path: readonly string[]): string;
}

/**
 * Reads and checks a `reckon.config.yaml`.
 *
 * @param shownPath how messages name the file
 * @throws ReckonError `bad-data` when it is no readable YAML; `misuse` for an unknown key (with the
 *   nearest known one) or a value of the wrong kind, each with its line
 */
export function readDeskFile(path: string, shownPath: string): DeskFile {
  const text = readText(path, shownPath);
  const lines = new LineCounter();
  const document = parseDocument(text, {lineCounter: lines});
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) {
    const [message = ""] = problem.message.split(/ at line \d+/);
    throw new ReckonError("bad-data", {
      place: `${shownPath}:${problem.linePos?.[0].line ?? 1}`,
      expected: "YAML",
      found: message,
    });
  }
  const placeOf = (keys: readonly string[]): string => {
    const offset = offsetOf(document.contents, keys, (node) =>
      isAlias(node) ? node.resolve(document) : node,
    );
    return `${shownPath}:${lines.linePos(offset).line}`;
  };
  return {settings: checkSettings(document.toJS() ?? {}, placeOf), placeOf};
}

/** A path as people know it: from the working directory when it lies below. */
export function shownPathOf(path: string, cwd: string): string {
  const within = relative(cwd, path);
  return within.startsWith("..") || isAbsolute(within) ? path : within;
}

/** A tree of the file as overrides, one per leaf, each with its line. */
export function treeOverrides(
  {placeOf}: DeskFile,
  subTree: ConfigTree,
  above: readonly string[],
): Override[] {
  const overrides: Override[] = [];
  const walk = (node: ConfigTree, path: readonly string[]): void => {
    for (const [key, value] of Object.entries(node)) {
      const here = [...path, key];
      if (isConfigTree(value)) {
        walk(value, here);
      } else {
        const place = placeOf([...above, ...here]);
        overrides.push({path: here, value, text: formatKeyPath(here), place});
      }
    }
  };
  walk(subTree, []);
  return overrides;
}

function readText(path: string, place: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const found = messageOf(cause);
    throw new ReckonError("bad-data", {place, expected: "a readable file", found}, {cause});
  }
}

function checkSettings(input: unknown, placeOf: (keys: readonly string[]) => string): DeskSettings {
  const result = deskSchema.safeParse(input);
  if (result.success) {
    return result.data;
  }
  const issue = result.error.issues[0] as z.core.$ZodIssue;
  const keys = issue.path.map(String);
  if (issue.code === "unrecognized_keys") {
    const key = issue.keys[0] as string;
    const known = Object.keys(deskSchema.shape);
    const near = nearestName(key, known);
    throw new ReckonError("misuse", {
      place: placeOf([key]),
      expected: `the keys ${known.join(", ")}`,
      found: `unknown key "${key}"`,
      ...(near === undefined ? {} : {fix: `did you mean "${near}"?`}),
    });
  }
  throw new ReckonError("misuse", {
    place: `${placeOf(keys)} ${formatKeyPath(keys)}`.trimEnd(),
    expected: EXPECTED[keys[0] ?? ""] ?? "a mapping",
    found: "a value of another kind",
  });
}

const EXPECTED: Readonly<Record<string, string>> = {
  models: "a list of paths and package names",
  notebooks: "a list of folders",
  data_dir: "the path of a folder",
  database_url_file: "the path of a file",
  defaults: "config keys and their values",
  model_config: "model ids, and below each its config keys and their values",
};

/** Where the key stands in the text, or the nearest key above it. */
function offsetOf(
  contents: unknown,
  keys: readonly string[],
  resolve: (node: unknown) => unknown,
): number {
  let node = contents;
  let offset = (contents as Node | null)?.range?.[0] ?? 0;
  for (const key of keys) {
    const [head, value] = entryOf(node, key);
    if (head === undefined) {
      return offset;
    }
    offset = head.range?.[0] ?? offset;
    node = resolve(value);
  }
  return offset;
}

/** The node that stands for a key or list place, and the value below it. */
function entryOf(node: unknown, key: string): [head?: Node, value?: unknown] {
  if (isSeq(node)) {
    const item = node.items[Number(key)] as Node | undefined;
    return item === undefined ? [] : [item, item];
  }
  const wanted = isMap(node)
    ? node.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === key)
    : undefined;
  return wanted === undefined ? [] : [wanted.key as Node, wanted.value];
}
