import {existsSync} from "node:fs";
import {join} from "node:path";
import {z} from "zod";
import type {Restriction} from "../config/system-config.js";
import {ReckonError} from "../errors.js";
import type {Holdings} from "../trading/initial-holdings.js";
import {restrictionSchema} from "./restriction-schema.js";
import {readJson} from "./run-texts.js";

/** The file of a run folder that says what the run began with. */
export const OPENING_FILE = "opening_holdings.json";

/** Where a run's opening state came from. */
export const OPENING_SOURCES = ["config", "database", "run folder"] as const;
/** One of {@link OPENING_SOURCES}. */
export type OpeningSource = (typeof OPENING_SOURCES)[number];

/** What a run began with, as its folder keeps it: a replay begins with the same. */
export interface OpeningState {
  /** In settlement currency. */
  readonly cash: number;
  /** Shares by instrument id; what is not held is left out. */
  readonly holdings: Readonly<Record<string, number>>;
  readonly source: OpeningSource;
  /** What the database forbade to trade as the run began, beside the config's own list. */
  readonly restrictions: readonly Restriction[];
}

const openingSchema = z.object({
  cash: z.number(),
  holdings: z.record(z.string(), z.number()),
  source: z.enum(OPENING_SOURCES),
  restrictions: z.array(restrictionSchema).default([]),
});

/** Holdings told by id, to be saved; what is not held is left out. */
export function openingStateOf(
  instrumentIds: readonly string[],
  {cash, shares}: Holdings,
  rest: Pick<OpeningState, "source" | "restrictions">,
): OpeningState {
  const held = instrumentIds.map((id, i): [string, number] => [id, shares[i] as number]);
  return {cash, holdings: Object.fromEntries(held.filter(([, count]) => count !== 0)), ...rest};
}

/**
 * What the run of a folder began with; undefined where it was not recorded.
 *
 * @throws ReckonError `bad-data` when the file is damaged
 */
export function readOpeningState(dir: string): OpeningState | undefined {
  const path = join(dir, OPENING_FILE);
  if (!existsSync(path)) {
    return undefined;
  }
  const result = openingSchema.safeParse(readJson(path));
  if (!result.success) {
    const [first] = result.error.issues;
    throw new ReckonError("bad-data", {
      place: path,
      expected: "cash, holdings by instrument, and where they came from",
      found: `${first?.path.join(".") ?? ""}: ${first?.message ?? "something else"}`,
      fix: "restore the file, or run again",
    });
  }
  return result.data;
}
