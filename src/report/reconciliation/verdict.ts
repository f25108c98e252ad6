import type {Cause, CauseName, Confidence, Divergence} from "../../reconcile/cause/cause.js";
import {explainedTotal} from "../../reconcile/explain/explanation-sums.js";
import type {Layer} from "../../reconcile/layers/layer.js";
import type {Reconciliation, ReconciliationStatus} from "../../reconcile/reconcile-runs.js";
import type {NotCompared} from "../../reconcile/record/recorded-side.js";
import {formatMinute} from "../../time/epoch.js";
import {capitalise} from "../../words.js";
import {formatCount, formatDistance, formatGain, formatMoney} from "../number-text.js";
import {runModeName} from "../run-facts.js";
import {listInWords, type Sentence, verdictBox} from "../sentence.js";
import {cellText} from "./layers.js";

/** The answer of a reconciliation: a box for the page, and the same as data. */
export interface Verdict extends Sentence {
  readonly status: ReconciliationStatus;
  /** Plain JSON, for whoever runs the notebook. */
  readonly summary: VerdictSummary;
}

/** The verdict as plain JSON: what a notebook hands back to whoever ran it. */
export interface VerdictSummary {
  readonly status: ReconciliationStatus;
  readonly sentence: string;
  /** The box, for a page. */
  readonly html: string;
  readonly first?: {
    readonly layer: string;
    /** Id of the DAG node; empty outside the DAG. */
    readonly node: string;
    /** `2025-09-01 00:05`, UTC; null for the config, which has no bar. */
    readonly bar: string | null;
    readonly instrument: string;
    readonly field: string;
    readonly prod: string;
    readonly sim: string;
  };
  readonly cause?: {
    readonly name: CauseName;
    readonly confidence: Confidence;
    readonly evidence: readonly string[];
  };
  /** Net PnL of prod less that of the simulation, money; left out where it is not known. */
  readonly cost?: number;
}

/**
 * Did the recorded run do what its simulation says? Names the cause, the first divergence in causal
 * order and what it cost; or says that there is none and how far apart the two are.
 *
 * @param runMode of the recorded run: it is the subject of the sentence
 */
export function verdict(reconciliation: Reconciliation, runMode = "prod"): Verdict {
  const subject = runModeName(runMode);
  const {prodBars, simBars, first, status, notCompared} = reconciliation;
  if (status === "missing" && (prodBars === 0 || simBars === 0)) {
    return makeVerdict("missing", missingText(subject, prodBars, simBars));
  }
  if (status === "missing") {
    const headline = `Nothing of ${subject.toLowerCase()} and its simulation could be compared.`;
    return makeVerdict("missing", {headline, details: lackingText(notCompared)});
  }
  if (first !== undefined) {
    return disagreement(subject, reconciliation, first);
  }
  return status === "incomplete"
    ? makeVerdict("incomplete", incompleteText(subject, reconciliation))
    : agreement(subject, reconciliation);
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

/** What agrees is said first: it is most of it. */
function incompleteText(subject: string, {notCompared, prodBars, simBars}: Reconciliation): Words {
  const lacking = notCompared.filter(({side}) => side !== "both");
  const bars =
    prodBars === simBars
      ? formatCount(prodBars, "bar")
      : `${prodBars} and ${formatCount(simBars, "bar")}`;
  return {
    headline: `${subject} did what its simulation says, as far as it can be compared:`,
    details: `${bars}, no difference. Not compared: ${lackingText(lacking)}`,
  };
}

/** What they are, and why where it is short: the page lists the reasons. */
function lackingText(lacking: readonly NotCompared[]): string {
  const told = lacking.slice(0, 3).map(({what, why}) => {
    const reason = why.length <= LONGEST_REASON ? why : (why.split("; ")[0] as string);
    return reason.length <= LONGEST_REASON ? `${what} (${reason})` : what;
  });
  const more = lacking.length > 3 ? `; and ${lacking.length - 3} more` : "";
  return `${told.join("; ")}${more}.`;
}

/** Of a reason that fits a sentence. */
const LONGEST_REASON = 90;

function agreement(subject: string, {layers, prodBars, tolerance}: Reconciliation): Verdict {
  const bars = formatCount(prodBars, "bar");
  const {absolute, relative} = furthestOf(layers);
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

const CAUSE_WORDS: Readonly<Record<CauseName, string>> = {
  config: "the config is another",
  "data revision": "market data were corrected",
  "late data": "market data came late",
  "missing bar": "market data are missing",
  "start state": "it began with something else",
  "code or model": "the code or the model is another",
  "fill model": "orders were filled otherwise",
  rounding: "quantities were rounded otherwise",
  fees: "other fees were paid",
  clock: "the clock was off",
  "record gap": "only in a record, which is faulty",
  "record contradicts itself": "a record contradicts itself",
  unknown: "for a reason that no record tells",
};

function disagreement(
  subject: string,
  {layers, prodBars, simBars, cause, pnl, notCompared}: Reconciliation,
  first: Divergence,
): Verdict {
  const later = layers
    .filter(({name, status}) => status === "differs" && name !== first.layer)
    .map(({name}) => name);
  const bars =
    prodBars === simBars ? "" : `Prod recorded ${formatCount(prodBars, "bar")}, sim ${simBars}.`;
  const lacking = notCompared.filter(({side}) => side !== "both");
  const cost = pnl && explainedTotal(pnl).total;
  const details = [
    cause?.name === "record gap" ? "" : `First in ${first.layer}: ${placeText(first)}.`,
    ...(cause?.evidence ?? []).filter((sentence) => !sentence.startsWith(`${first.field} is `)),
    cause?.name === "record gap" ? "" : otherLayersText(later),
    cost === undefined || (costText(cost, later) !== "" && pnlName(notCompared) === NET)
      ? ""
      : `Prod − sim ${pnlName(notCompared)}: ${formatGain(cost, 2)}.`,
    bars,
    lacking.length === 0 ? "" : `Not compared: ${lackingText(lacking)}`,
  ];
  const words = {
    headline: `${subject} differs from its simulation${whyText(cause)}${costText(cost, later)}.`,
    details: details.filter((sentence) => sentence !== "").join(" "),
  };
  return makeVerdict("differs", words, {
    first: firstSummary(first),
    ...(cause === undefined
      ? {}
      : {
          cause: {
            name: cause.name,
            confidence: cause.confidence,
            evidence: cause.evidence,
          },
        }),
    ...(cost === undefined ? {} : {cost}),
  });
}

const CONFIDENCE_WORDS: Readonly<Record<Confidence, string>> = {
  certain: "",
  likely: "probably ",
  possible: "perhaps ",
};

/** A headline is as sure as its cause; that nothing tells the reason is sure. */
function whyText(cause: Cause | undefined): string {
  if (cause === undefined) {
    return "";
  }
  const doubt = cause.name === "unknown" ? "" : CONFIDENCE_WORDS[cause.confidence];
  return `: ${doubt}${CAUSE_WORDS[cause.name]}`;
}

/** What it came to, to the cent; nothing where no PnL is known, or its parts cancel out. */
function costText(cost: number | undefined, later: readonly string[]): string {
  if (cost === undefined) {
    return "";
  }
  if (Math.abs(cost) < 0.005) {
    return later.includes("PnL") ? "" : "; net PnL is the same";
  }
  const size = formatMoney(Math.abs(cost), 2);
  return cost < 0 ? `; it cost ${size}` : `; it earned ${size} more`;
}

/** What the headline speaks of. */
const NET = "net PnL";

/** Without the fees of both, no net PnL is known. */
export function pnlName(notCompared: readonly NotCompared[]): string {
  return notCompared.some(({what}) => what === "fees") ? "PnL before fees" : NET;
}

function otherLayersText(names: readonly string[]): string {
  if (names.length === 0) {
    return "No other layer differs.";
  }
  return capitalise(`${listInWords(names)} ${names.length === 1 ? "differs" : "differ"} as well.`);
}

function placeText({barEnd, node, instrument, field, prod, sim}: Divergence): string {
  const where = [
    node === "" ? "" : `of node ${node}`,
    Number.isNaN(barEnd) ? "" : `at bar ${formatMinute(barEnd)} UTC`,
    instrument === "" ? "" : `for ${instrument}`,
  ];
  const what = [field, ...where.filter((part) => part !== "")].join(" ");
  return `${what} is ${cellText(prod, field)} in prod and ${cellText(sim, field)} in sim`;
}

function firstSummary(first: Divergence): NonNullable<VerdictSummary["first"]> {
  return {
    layer: first.layer,
    node: first.node,
    bar: Number.isNaN(first.barEnd) ? null : formatMinute(first.barEnd),
    instrument: first.instrument,
    field: first.field,
    prod: cellText(first.prod, first.field),
    sim: cellText(first.sim, first.field),
  };
}

function furthestOf(layers: readonly Layer[]): {absolute: number; relative: number} {
  const fields = layers.flatMap((layer) => layer.fields);
  return {
    absolute: Math.max(0, ...fields.map(({maxAbsolute}) => maxAbsolute)),
    relative: Math.max(0, ...fields.map(({maxRelative}) => maxRelative)),
  };
}

function makeVerdict(
  status: ReconciliationStatus,
  {headline, details}: Words,
  more: Pick<VerdictSummary, "first" | "cause" | "cost"> = {},
): Verdict {
  const isOk = status === "identical" || status === "within-tolerance";
  const tone = isOk ? "ok" : status === "differs" ? "differs" : "empty";
  const box = verdictBox(tone, headline, details);
  const summary = {status, sentence: box.text, html: box.html, ...more};
  return {...box, status, summary};
}
