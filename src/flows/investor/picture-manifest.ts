import {existsSync, readdirSync, readFileSync, statSync} from "node:fs";
import {join} from "node:path";
import {z} from "zod";
import {messageOf, ReckonError} from "../../errors.js";
import type {WindowFacts} from "../../report/investor/window-facts.js";

/** Beside the pictures: what each of them shows. */
export const PICTURE_MANIFEST = "cumulative_pnl.json";

/** In that folder: a set that came in whole and has not all taken its place yet. It counts. */
export const INCOMING = ".incoming";

/** A picture that stands in a folder. */
export interface StandingPicture {
  readonly fileName: string;
  readonly bytes: number;
  /** Undefined for a picture that somebody else put there. */
  readonly facts: WindowFacts | undefined;
}

const FACTS = z.object({
  name: z.string(),
  first: z.string(),
  last: z.string(),
  bars: z.number(),
  netPnl: z.number().nullable(),
});
const MANIFEST = z.object({
  schema: z.literal(1),
  model: z.string(),
  pictures: z.record(z.string(), FACTS),
});

/** Which pictures stand in a folder, and of which model; none where there is no folder. */
export interface StandingSet {
  /** Undefined where nobody said. */
  readonly model: string | undefined;
  readonly pictures: readonly StandingPicture[];
}

/**
 * What stands in a folder now; of a replacement that was interrupted, what its end will leave.
 *
 * @throws ReckonError `bad-data` when its manifest is damaged: whose they are is not known
 */
export function readStandingSet(dir: string): StandingSet {
  const places = [dir, join(dir, INCOMING)].filter(existsSync);
  const paths = new Map(places.flatMap((place) => picturesIn(place)));
  const manifests = places.map((place) => readManifest(join(place, PICTURE_MANIFEST)));
  const manifest = manifests.filter((one) => one !== undefined).at(-1);
  return {
    model: manifest?.model,
    pictures: [...paths.keys()].sort().map((fileName) => ({
      fileName,
      bytes: statSync(paths.get(fileName) as string).size,
      facts: manifest?.pictures[fileName],
    })),
  };
}

/** The pictures of a folder, each with its path. */
function picturesIn(place: string): [name: string, path: string][] {
  return readdirSync(place)
    .filter((name) => /^cumulative_pnl\.[a-z0-9_]+\.png$/.test(name))
    .map((name) => [name, join(place, name)]);
}

/** The text of a manifest. */
export function formatManifest(
  model: string,
  facts: Readonly<Record<string, WindowFacts>>,
): string {
  return `${JSON.stringify({schema: 1, model, pictures: facts}, null, 2)}\n`;
}

function readManifest(path: string): z.infer<typeof MANIFEST> | undefined {
  if (!existsSync(path)) {
    return undefined;
  }
  try {
    return MANIFEST.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (cause) {
    throw new ReckonError(
      "bad-data",
      {
        place: path,
        expected: "what the pictures beside it show",
        found: messageOf(cause).split("\n")[0] ?? "",
        fix: "remove the file to have the pictures replaced whatever they show",
      },
      {cause},
    );
  }
}
