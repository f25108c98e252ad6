import {existsSync, readdirSync, renameSync, rmSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {messageOf, ReckonError} from "../../errors.js";
import {makeFolder} from "../../make-folder.js";
import type {NewestRun} from "../../report/investor/investor-pnl.js";
import type {WindowFacts} from "../../report/investor/window-facts.js";
import {STALE_BARS} from "../../report/observer/freshness.js";
import {DAY_MS, type EpochMs, formatMinute} from "../../time/epoch.js";
import {sweepAsides} from "../reconcile/replace-folder.js";
import type {PaintedPicture} from "./investor-pictures.js";
import {
  formatManifest,
  INCOMING,
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
 * Refuses plans of which one may not be carried out: what is refused in one folder is made in none.
 *
 * @throws ReckonError `failed`
 */
export function checkPlans(plans: readonly ReplacementPlan[]): void {
  for (const {dir, refusals} of plans) {
    if (refusals.length > 0) {
      throw new ReckonError("failed", {
        place: dir,
        expected: "pictures that may be shown as the newest",
        found: refusals.join("; "),
        fix: "what stands there was left as it is",
      });
    }
  }
}

/**
 * Puts a set of pictures in the place of others, in each folder with the manifest that says what
 * they show: all of them in all folders, or, when a disk refuses one, none.
 *
 * Until the set lies whole in each folder's {@link INCOMING}, nothing has changed; from then on it
 * is the set that counts. Whoever is killed in between is finished by {@link finishReplacement}.
 *
 * @throws ReckonError `failed` when a plan refuses, or a disk does
 */
export function replacePictures(
  plans: readonly ReplacementPlan[],
  painted: readonly PaintedPicture[],
): void {
  checkPlans(plans);
  const asides: string[] = [];
  for (const plan of plans) {
    const aside = join(plan.dir, `${INCOMING}.${process.pid}.tmp`);
    try {
      finishReplacement(plan.dir);
      asides.push(aside);
      writeSet(aside, plan, painted);
    } catch (cause) {
      for (const path of asides) {
        rmSync(path, {recursive: true, force: true});
      }
      throw notReplaced(plan.dir, cause);
    }
  }
  for (const [i, {dir}] of plans.entries()) {
    renameSync(asides[i] as string, join(dir, INCOMING));
  }
  for (const {dir} of plans) {
    finishReplacement(dir);
  }
}

function writeSet(
  aside: string,
  {model, changes}: ReplacementPlan,
  painted: readonly PaintedPicture[],
): void {
  const facts = Object.fromEntries(
    changes.flatMap(({fileName, old, fresh}): [string, WindowFacts][] => {
      const shown = fresh?.facts ?? old?.facts;
      return shown === undefined ? [] : [[fileName, shown]];
    }),
  );
  makeFolder(aside);
  for (const {fileName, png} of painted) {
    writeFileSync(join(aside, fileName), png);
  }
  writeFileSync(join(aside, PICTURE_MANIFEST), formatManifest(model, facts));
}

function notReplaced(dir: string, cause: unknown): ReckonError {
  const found = messageOf(cause);
  const fix = "the old pictures are as they were; free space, then run again";
  return new ReckonError(
    "failed",
    {place: dir, expected: "to write the pictures", found, fix},
    {
      cause,
    },
  );
}

/**
 * Moves what came in whole to its place, the manifest last, and removes what processes that are no
 * more had only begun: a folder then shows one set.
 */
export function finishReplacement(dir: string): void {
  sweepAsides([dir]);
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
