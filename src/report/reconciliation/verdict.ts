import type {Layer, Reconciliation} from "../../reconcile/reconcile-runs.js";
import {formatMinute} from "../../time/epoch.js";
import {formatCount, formatDistance, formatExact} from "../number-text.js";
import {runModeName} from "../run-facts.js";
import {listInWords, type Sentence, verdictBox} from "../sentence.js";
import {placeOf} from "./layers.js";

/** How a reconciliation ended, in one word; `missing`: at least one side recorded no bar. */
export type VerdictStatus = "identical" | "within-tolerance" | "differs" | "missing";

/** The answer of a reconciliation: a box for the page, and the same as data. */
export interface Verdict extends Sentence {
  readonly status: VerdictStatus;
  /** Plain JSON, for whoever runs the notebook. */
  readonly summary: VerdictSummary;
}

/** The verdict as plain JSON: what a notebook hands back to whoever ran it. */
export interface VerdictSummary {
  readonly status: VerdictStatus;
  readonly sentence: string;
  /** The box, for a page. */
  readonly html: string;
  readonly first?: {
    readonly layer: string;
    /** `2025-09-01 00:05`, UTC; null for the config, which has no bar. */
    readonly bar: string | null;
    readonly instrument: string;
    readonly field: string;
    readonly prod: string;
    readonly sim: string;
  };
}

/**
 * Did the recorded run do what its simulation says? Names the first difference in causal order, or
 * says that there is none and how far apart the two are.
 *
 * @param runMode of the recorded run: it is the subject of the sentence
 */
export function verdict(reconciliation: Reconciliation, runMode = "prod"): Verdict {
  const subject = runModeName(runMode);
  const {prodBars, simBars, first} = reconciliation;
  if (prodBars === 0 || simBars === 0) {
    return makeVerdict("missing", missingText(subject, prodBars, simBars));
  }
  return first === undefined
    ? agreement(subject, reconciliation)
    : disagreement(subject, reconciliation, placeOf(first));
}

interface Words {
  readonly headline: string;
  readonly details: string;
}

function missingText(subject: string, prodBars: number, simBars: number): Words {
  if (prodBars === 0 && simBars === 0) {
    return {headline: "Nothing was recorded.", details: "Neither run has a bar to compare."};
  }
  const [there, absent] =
    prodBars === 0 ? ["the simulation", subject.toLowerCase()] : [subject, "its simulation"];
  const bars = formatCount(Math.max(prodBars, simBars), "bar");
  return {
    headline: `Only ${there.toLowerCase()} recorded bars.`,
    details: `${bars} there, none of ${absent}: there is nothing to compare.`,
  };
}

function agreement(subject: string, {layers, prodBars, tolerance}: Reconciliation): Verdict {
  const bars = formatCount(prodBars, "bar");
  const {absolute, relative} = largestOf(layers);
  const notCompared = layers.filter(({status}) => status === "missing").map(({name}) => name);
  const rest =
    notCompared.length === 0
      ? ""
      : ` Not compared, because neither run recorded it: ${listInWords(notCompared)}.`;
  if (relative === 0) {
    return makeVerdict("identical", {
      headline: `${subject} did exactly what its simulation says:`,
      details: `${bars}, largest difference 0.${rest}`,
    });
  }
  const [near, far, limit] = [relative, absolute, tolerance].map(formatDistance);
  const largest = `largest relative difference ${near} (tolerance ${limit})`;
  return makeVerdict("within-tolerance", {
    headline: `${subject} did what its simulation says, within the tolerance:`,
    details: `${bars}, ${largest}, largest absolute difference ${far}.${rest}`,
  });
}

function disagreement(
  subject: string,
  {layers, prodBars, simBars}: Reconciliation,
  first: NonNullable<Reconciliation["first"]>,
): Verdict {
  const bar = Number.isNaN(first.barEnd) ? null : formatMinute(first.barEnd);
  const where = [
    bar === null ? "" : `at bar ${bar} UTC`,
    first.instrument === "" ? "" : `for ${first.instrument}`,
  ].filter((part) => part !== "");
  const prod = formatExact(first.prod);
  const sim = formatExact(first.sim);
  const later = laterDifferences(layers, first.layer);
  const explains =
    later.length === 0
      ? "No later layer differs."
      : `This comes before, and may explain, the differences in ${listInWords(later)}.`;
  const bars =
    prodBars === simBars ? "" : ` Prod recorded ${formatCount(prodBars, "bar")}, sim ${simBars}.`;
  const what = [first.field, ...where].join(" ");
  const words = {
    headline: `${subject} differs from its simulation, first in ${first.layer}:`,
    details: `${what} is ${prod} in prod and ${sim} in sim. ${explains}${bars}`,
  };
  return makeVerdict("differs", words, {
    layer: first.layer,
    bar,
    instrument: first.instrument,
    field: first.field,
    prod,
    sim,
  });
}

/** Names of the layers after this one that differ too. */
function laterDifferences(layers: readonly Layer[], name: string): string[] {
  const at = layers.findIndex((layer) => layer.name === name);
  return layers
    .slice(at + 1)
    .filter(({status}) => status === "differs")
    .map((layer) => layer.name);
}

function largestOf(layers: readonly Layer[]): {absolute: number; relative: number} {
  const fields = layers.flatMap((layer) => layer.fields);
  return {
    absolute: Math.max(0, ...fields.map(({maxAbsolute}) => maxAbsolute)),
    relative: Math.max(0, ...fields.map(({maxRelative}) => maxRelative)),
  };
}

function makeVerdict(
  status: VerdictStatus,
  {headline, details}: Words,
  first?: VerdictSummary["first"],
): Verdict {
  const tone = status === "missing" ? "empty" : status === "differs" ? "differs" : "ok";
  const box = verdictBox(tone, headline, details);
  const summary = {
    status,
    sentence: box.text,
    html: box.html,
    ...(first === undefined ? {} : {first}),
  };
  return {...box, status, summary};
}
