import {existsSync} from "node:fs";
import {join} from "node:path";
import {z} from "zod";
import type {Restriction} from "../config/system-config.js";
import {ReckonError} from "../errors.js";
import {type EpochMs, toIso} from "../time/epoch.js";
import {restrictionSchema} from "./restriction-schema.js";
import {readJson} from "./run-texts.js";

/** The file of a run folder that says how restrictions changed; there is none where none did. */
export const RESTRICTION_CHANGES_FILE = "restriction_changes.json";

/** What the database forbade to trade from a bar on, in place of what it forbade before. */
export interface RestrictionChange {
  readonly barEnd: EpochMs;
  readonly restrictions: readonly Restriction[];
}

const changesSchema = z.array(
  z.object({
    bar_timestamp: z.iso.datetime().transform((text) => Date.parse(text)),
    restrictions: z.array(restrictionSchema),
  }),
);

/** Changes as the file holds them. */
export function restrictionChangesJson(changes: readonly RestrictionChange[]): object[] {
  return changes.map(({barEnd, restrictions}) => ({bar_timestamp: toIso(barEnd), restrictions}));
}

/**
 * How restrictions changed while the run of a folder traded, oldest first.
 *
 * @throws ReckonError `bad-data` when the file is damaged
 */
export function readRestrictionChanges(dir: string): RestrictionChange[] {
  const path = join(dir, RESTRICTION_CHANGES_FILE);
  if (!existsSync(path)) {
    return [];
  }
  const result = changesSchema.safeParse(readJson(path));
  if (!result.success) {
    const [first] = result.error.issues;
    throw new ReckonError("bad-data", {
      place: path,
      expected: "bars, each with the restrictions from then on",
      found: `${first?.path.join(".") ?? ""}: ${first?.message ?? "something else"}`,
      fix: "restore the file, or run again",
    });
  }
  return result.data.map(({bar_timestamp: barEnd, restrictions}) => ({barEnd, restrictions}));
}
