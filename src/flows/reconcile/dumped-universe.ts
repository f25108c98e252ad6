import {ReckonError} from "../../errors.js";
import {
  findUniverse,
  readUniverses,
  universesFile,
  universeVersion,
} from "../../market/instruments/universe.js";

/**
 * The instruments that `--universe-version` names: `NAME`, `NAME.vN`, `NAME.vN-topK`, or the
 * version alone where one universe has it.
 *
 * @param traded what the run traded: a replay needs the bars of all of it
 * @throws ReckonError `misuse` when there is no such universe, or it lacks an instrument
 */
export async function dumpedUniverse(
  text: string,
  place: {readonly dataDir: string; readonly exchange: string},
  traded: readonly string[],
): Promise<readonly string[]> {
  const file = universesFile(place);
  const all = await readUniverses(file);
  const named = all.filter(({version}) => version === text.replaceAll("_", "."));
  const [only] = named;
  const name = named.length === 1 && only !== undefined ? universeVersion(only) : text;
  if (named.length > 1) {
    throw new ReckonError("misuse", {
      place: "--universe-version",
      expected: `one of ${named.map(universeVersion).join(", ")}`,
      found: `${text}, which all of them have`,
    });
  }
  const {assetIds} = findUniverse(all, name, file);
  const missing = traded.filter((id) => !assetIds.includes(id));
  if (missing.length > 0) {
    throw new ReckonError("misuse", {
      place: "--universe-version",
      expected: `a universe with all that the run traded: ${traded.join(", ")}`,
      found: `${name}, which lacks ${missing.join(", ")}`,
      fix: "name the run's own, or leave the flag out",
    });
  }
  return assetIds;
}
