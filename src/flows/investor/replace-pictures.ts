import {existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {messageOf, ReckonError} from "../../errors.js";
import {makeFolder} from "../../make-folder.js";
import type {NewestRun} from "../../report/investor/investor-pnl.js";
import type {WindowFacts} from "../../report/investor/window-facts.js";
import {STALE_BARS} from "../../report/observer/freshness.js";
import {DAY_MS, type EpochMs, formatMinute} from "../../time/epoch.js";
import type {PaintedPicture} from "./investor-pictures.js";
import {
  formatManifest,
  PICTURE_MANIFEST,
  readStandingSet,
  type StandingPicture,
} from "./picture-manifest.js";

/** What would happen to one picture. */
export interface PictureChange {
  readonly fileName: string;
  /** `stays`: it is not among the new ones. */
  readonly action: "new" | "replaces" | "equal" | "stays";
  readonly old: StandingPicture | undefined;
  readonly fresh: {readonly bytes: number; readonly facts: WindowFacts} | undefined;
}

/** What would happen to a folder of pictures; all of it or nothing does. */
export interface ReplacementPlan {
  readonly dir: string;
  readonly model: string;
  readonly changes: readonly PictureChange[];
  /** Why nothing may be replaced; empty when it may. */
  readonly refusals: readonly string[];
}

/** A set of pictures, and what tells whether it may be shown as the newest. */
export interface PictureSet {
  readonly model: string;
  readonly painted: readonly PaintedPicture[];
  readonly newestRun: NewestRun | undefined;
  /** What "now" is, for the age of the live part. */
  readonly now: EpochMs;
}

/** Compares a set with what stands in a folder; changes nothing. */
export function planReplacement(dir: string, set: PictureSet): ReplacementPlan {
  const standing = readStandingSet(dir);
  const names = [...set.painted.map(({fileName}) => fileName)];
  const others = standing.pictures.filter(({fileName}) => !names.includes(fileName));
  const changes = set.painted.map(({fileName, png, facts}): PictureChange => {
    const old = standing.pictures.find((picture) => picture.fileName === fileName);
    const isEqual = JSON.stringify(old?.facts) === JSON.stringify(facts);
    const action = old === undefined ? "new" : isEqual ? "equal" : "replaces";
    return {fileName, action, old, fresh: {bytes: png.length, facts}};
  });
  const kept = others.map(
    (old): PictureChange => ({fileName: old.fileName, action: "stays", old, fresh: undefined}),
  );
  const {model} = set;
  const isOther = standing.model !== undefined && standing.model !== model;
  return {
    dir,
    model,
    changes: [...changes, ...kept],
    refusals: [
      ...(isOther ? [`the pictures there are of ${standing.model}, these of ${model}`] : []),
      ...(set.painted.length === 0 ? ["there is no picture"] : []),
      ...staleText(set),
      ...changes.flatMap(olderText),
    ],
  };
}

/** A run that failed, or whose data ended, says nothing of now. */
function staleText({newestRun, now}: PictureSet): string[] {
  if (newestRun === undefined) {
    return [];
  }
  const {exitState, lastBar, barMs} = newestRun;
  const failed = exitState === "failed" ? ["the newest run failed"] : [];
  const mostMs = STALE_BARS * barMs + (exitState === "running" ? 0 : DAY_MS);
  const last = Number.isNaN(lastBar) ? "it has no bar" : `its last bar is ${formatMinute(lastBar)}`;
  const stale =
    now - lastBar <= mostMs
      ? []
      : [`the newest run is stale: ${last} UTC, now ${formatMinute(now)}`];
  return [...failed, ...stale];
}

/** What is shown already is never replaced by less. */
function olderText({fileName, old, fresh}: PictureChange): string[] {
  const [before = "", after = ""] = [old?.facts?.last, fresh?.facts.last];
  return before > after ? [`${fileName} would go back from ${before} to ${after} UTC`] : [];
}

/**
 * Puts a set of pictures in the place of another, with the manifest that says what they show: all
 * of them, or, when the disk refuses one, none. Whoever is killed in between leaves a folder
 * `.incoming` with the rest, which the next replacement puts in place first.
 *
 * @throws ReckonError `failed` when the plan refuses, or the disk does
 */
export function replacePictures(plan: ReplacementPlan, painted: readonly PaintedPicture[]): void {
  const {dir, model, refusals, changes} = plan;
  if (refusals.length > 0) {
    throw new ReckonError("failed", {
      place: dir,
      expected: "pictures that may be shown as the newest",
      found: refusals.join("; "),
      fix: "what stands there was left as it is",
    });
  }
  makeFolder(dir);
  finishReplacement(dir);
  const facts = Object.fromEntries(
    changes.flatMap(({fileName, old, fresh}): [string, WindowFacts][] => {
      const shown = fresh?.facts ?? old?.facts;
      return shown === undefined ? [] : [[fileName, shown]];
    }),
  );
  const aside = join(dir, `.incoming.${process.pid}.tmp`);
  try {
    mkdirSync(aside, {recursive: true});
    for (const {fileName, png} of painted) {
      writeFileSync(join(aside, fileName), png);
    }
    writeFileSync(join(aside, PICTURE_MANIFEST), formatManifest(model, facts));
    renameSync(aside, join(dir, INCOMING)); // from here on, the set is the one that counts
  } catch (cause) {
    rmSync(aside, {recursive: true, force: true});
    const found = messageOf(cause);
    const fix = "the old pictures are as they were; free space, then run again";
    const complaint = {place: dir, expected: "to write the pictures", found, fix};
    throw new ReckonError("failed", complaint, {cause});
  }
  finishReplacement(dir);
}

const INCOMING = ".incoming";

/** Moves what came in whole to its place; the manifest last. */
export function finishReplacement(dir: string): void {
  const incoming = join(dir, INCOMING);
  if (!existsSync(incoming)) {
    return;
  }
  const names = readdirSync(incoming).filter((name) => name !== PICTURE_MANIFEST);
  const manifest = existsSync(join(incoming, PICTURE_MANIFEST)) ? [PICTURE_MANIFEST] : [];
  for (const name of [...names, ...manifest]) {
    renameSync(join(incoming, name), join(dir, name));
  }
  rmSync(incoming, {recursive: true});
}
