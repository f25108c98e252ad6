import {existsSync} from "node:fs";
import {join} from "node:path";
import {DAY_MS, type EpochMs, HOUR_MS, parseStamp} from "../time/epoch.js";
import {timeOfDayIn} from "../time/zone.js";

/** Who wrote a run folder: we, or the reference system (ET names, csv.gz, configs as text). */
export type RunLayout = "reckon" | "reference";

/**
 * The layout of a run folder, told by what it holds; undefined when it holds no run.
 *
 * A run of ours that has only just begun has a `run.json` before its config.
 */
export function findRunLayout(dir: string): RunLayout | undefined {
  const has = (name: string): boolean => existsSync(join(dir, name));
  if (has("system_config.output.json") || has("run.json")) {
    return "reckon";
  }
  const isReference = ["config_version.txt", "system_config.output.txt"].some(has);
  return isReference ? "reference" : undefined;
}

const eastern = timeOfDayIn("America/New_York");

/**
 * The instant of a `YYYYMMDD_HHMMSS` in America/New_York, as the reference names its files.
 *
 * The hour that comes twice in autumn is taken as the first one: the names do not tell.
 *
 * @throws ReckonError `misuse` when the text is no such stamp
 */
export function parseEasternStamp(stamp: string, place?: string): EpochMs {
  const local = parseStamp(stamp, place);
  const summer = local + 4 * HOUR_MS;
  return eastern(summer) === local % DAY_MS ? summer : local + 5 * HOUR_MS;
}

/** What the stamps in a layout's file names mean. */
export function stampParser(layout: RunLayout): typeof parseEasternStamp {
  return layout === "reference" ? parseEasternStamp : parseStamp;
}
