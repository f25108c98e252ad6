import {dirname, join} from "node:path";
import {z} from "zod";
import {ReckonError} from "../../errors.js";
import {type BookPlace, bookFile} from "./instrument-book.js";
import {readDeskFile} from "./read-desk-file.js";

const universes = z.array(
  z.strictObject({
    name: z.string().regex(/^[A-Za-z][A-Za-z0-9_]*$/, "expected letters, digits and _"),
    version: z.string().regex(/^v\d+(\.\d+)*$/, "expected a version such as v1 or v7.4"),
    asset_ids: z.array(z.string().min(1)).min(1),
  }),
);

/** A named list of instruments; a change of the list is a new version. */
export interface Universe {
  readonly name: string;
  /** `v1`, `v7.4`. */
  readonly version: string;
  /** In the order of their rank: the first N are the top N. */
  readonly assetIds: readonly string[];
}

/** What of a universe is asked for. */
export interface UniverseQuery {
  readonly name: string;
  /** The latest when left out. */
  readonly version?: string;
  /** The first so many of the list; all when left out. */
  readonly top?: number;
}

const OURS = /^([A-Za-z][A-Za-z0-9_]*?)(?:\.(v\d+(?:\.\d+)*))?(?:-(?:all|top(\d+)))?$/;
const REFERENCE = /^([A-Za-z][A-Za-z0-9]*)_(v\d+(?:_\d+)*)-(?:all|top(\d+))$/;

/**
 * Reads `crypto_top16`, `crypto_top16.v1`, `crypto_top16.v1-top8`, or the name of a backtest's
 * universe as the reference writes it: `ccxt_v7_4-all`, `ccxt_v7_4-top20` (v7_4 is v7.4).
 *
 * @throws ReckonError `misuse` when the text is none
 */
export function parseUniverseName(text: string): UniverseQuery {
  const match = REFERENCE.exec(text) ?? OURS.exec(text);
  const [, name, version, top] = match ?? [];
  if (name === undefined || top === "0") {
    throw new ReckonError("misuse", {
      place: "universe",
      expected: "NAME, NAME.vN or NAME.vN-topK, such as crypto_top16.v1",
      found: JSON.stringify(text),
    });
  }
  return {
    name,
    ...(version === undefined ? {} : {version: version.replaceAll("_", ".")}),
    ...(top === undefined ? {} : {top: Number(top)}),
  };
}

/** The full name of a universe: `crypto_top16.v1`. */
export function universeVersion({name, version}: Universe): string {
  return `${name}.${version}`;
}

/**
 * The universe of a text that {@link parseUniverseName} reads, cut to the asked number of names.
 *
 * @param file where they were read from, for the message
 * @throws ReckonError `misuse` naming the universes there are, or the version's
 */
export function findUniverse(
  all: readonly Universe[],
  text: string,
  file = "universes.json",
): Universe {
  const {name, version, top} = parseUniverseName(text);
  const versions = all
    .filter((universe) => universe.name === name)
    .sort((a, b) => compareVersions(a.version, b.version));
  const found =
    version === undefined ? versions.at(-1) : versions.find((one) => one.version === version);
  const known = versions.length > 0 ? versions : all;
  if (found === undefined || (top ?? 0) > found.assetIds.length) {
    throw new ReckonError("misuse", {
      place: `universe ${JSON.stringify(text)}`,
      expected:
        found === undefined
          ? known.length > 0
            ? `one of ${known.map(universeVersion).join(", ")}`
            : `universes in ${file}`
          : `at most its ${found.assetIds.length} instruments`,
      found: found === undefined ? "none of that name and version" : `top${top}`,
    });
  }
  return top === undefined ? found : {...found, assetIds: found.assetIds.slice(0, top)};
}

/**
 * Universes from a parsed file: a list of `{name, version, asset_ids}`.
 *
 * @param place the file, for the message
 * @throws ReckonError `bad-data` naming the record; a version or an id given twice is refused
 */
export function parseUniverses(value: unknown, place: string): Universe[] {
  const parsed = universes.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ReckonError("bad-data", `${place}: ${issue?.path.join(".")}: ${issue?.message}`);
  }
  const list = parsed.data.map(({name, version, asset_ids}) => ({
    name,
    version,
    assetIds: asset_ids,
  }));
  refuseTwice(list.map(universeVersion), place);
  for (const universe of list) {
    refuseTwice(universe.assetIds, `${place}: ${universeVersion(universe)}`);
  }
  return list;
}

/** Universes from a JSON or YAML file; none where there is no such file. */
export async function readUniverses(path: string): Promise<Universe[]> {
  const value = await readDeskFile(path, "universes");
  return value === undefined ? [] : parseUniverses(value, path);
}

/** Where an exchange's universes are: beside its instruments. */
export function universesFile(place: BookPlace): string {
  return join(dirname(bookFile(place)), "universes.json");
}

/** v7.4 before v7.10 before v8. */
function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => text.slice(1).split(".").map(Number)) as [
    number[],
    number[],
  ];
  for (let i = 0; i < Math.max(left.length, right.length); ++i) {
    const difference = (left[i] ?? -1) - (right[i] ?? -1);
    if (difference !== 0) {
      return difference;
    }
  }
  return 0;
}

function refuseTwice(names: readonly string[], place: string): void {
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new ReckonError("bad-data", {place, expected: "each name once", found: `${twice} twice`});
  }
}
