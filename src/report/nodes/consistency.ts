import type {ColumnTable} from "arquero";
import {DEFAULT_TOLERANCE} from "../../reconcile/compare/difference.js";
import type {NodeConsistency, Revision} from "../../reconcile/consistency/check-nodes.js";
import {formatMinute} from "../../time/epoch.js";
import {formatCount, formatDistance, formatExact, formatNumber} from "../number-text.js";
import {listInWords, note, type Sentence, verdictBox} from "../sentence.js";
import {makeTable} from "../table.js";

/** Whether nodes stood by what they said, as a box and as data. */
export interface ConsistencyVerdict extends Sentence {
  readonly summary: ConsistencySummary;
}

/** Plain JSON, for whoever runs the notebook. */
export interface ConsistencySummary {
  readonly status: "consistent" | "revised" | "unchecked";
  readonly sentence: string;
  readonly tolerance: number;
  /** Instants in epoch milliseconds. */
  readonly first?: Revision;
}

/**
 * Did every node say at each bar what it had said at the bar before? A failure names the node, both
 * bars, the row, the values and the tolerance.
 */
export function consistencyVerdict(
  checks: readonly NodeConsistency[],
  tolerance: number = DEFAULT_TOLERANCE,
): ConsistencyVerdict {
  const first = firstOf(checks);
  const box = consistencyBox(checks, first, tolerance);
  const shared = checks.reduce((sum, {sharedRows}) => sum + sharedRows, 0);
  const status = shared === 0 ? "unchecked" : first === undefined ? "consistent" : "revised";
  const summary = {status, sentence: box.text, tolerance} as const;
  return {...box, summary: first === undefined ? summary : {...summary, first}};
}

function consistencyBox(
  checks: readonly NodeConsistency[],
  first: Revision | undefined,
  tolerance: number,
): Sentence {
  const shared = checks.reduce((sum, {sharedRows}) => sum + sharedRows, 0);
  const unread = unreadText(checks);
  if (shared === 0) {
    return verdictBox(
      "empty",
      "Nothing could be checked:",
      "no two bars recorded the same row of a node; save_node_io last:2 or more records them." +
        unread,
    );
  }
  if (first === undefined) {
    const pairs = Math.max(...checks.map((check) => check.pairs));
    const values = checks.reduce((sum, {compared}) => sum + compared, 0);
    const what = `${formatCount(checks.length, "node")}, ${formatCount(pairs, "pair")} of bars`;
    return verdictBox(
      unread === "" ? "ok" : "empty",
      `Every node stood by what it had said${unread === "" ? "" : ", as far as it can be read"}:`,
      `${what}, ${formatCount(values, "value")} compared, none revised by more than ` +
        `${formatDistance(tolerance)}.${unread}`,
    );
  }
  const nodes = checks.filter(({revised}) => revised > 0).length;
  const others = nodes === 1 ? "" : ` ${nodes} nodes revised values.`;
  return verdictBox(
    "differs",
    `${first.node} revised its past:`,
    `${first.feature} of ${first.instrument} for ${formatMinute(first.row)} was ` +
      `${formatExact(first.before)} at bar ${formatMinute(first.earlierBar)} and ` +
      `${formatExact(first.after)} at bar ${formatMinute(first.laterBar)} UTC ` +
      `(tolerance ${formatDistance(tolerance)}). A node that does this has looked ahead, or ` +
      `depends on where its window begins.${others}${unread}`,
  );
}

/** Records that could not be used, and why the first of them; empty for none. */
function unreadText(checks: readonly NodeConsistency[]): string {
  const lacking = checks.filter(({lost}) => lost.length > 0);
  const [first] = lacking.flatMap(({lost}) => lost);
  if (first === undefined) {
    return "";
  }
  const names = lacking.map(({node, lost}) =>
    lost.some(({barEnd}) => Number.isNaN(barEnd))
      ? node
      : `${node} (${formatCount(lost.length, "bar")})`,
  );
  const many = lacking.length + (lacking[0]?.lost.length ?? 0) > 2;
  return ` Not read: ${listInWords(names)}; ${many ? "the first: " : ""}${first.why}.`;
}

/** The first revision in time; of one bar, the node that runs first. */
function firstOf(checks: readonly NodeConsistency[]): Revision | undefined {
  let first: Revision | undefined;
  for (const {first: own} of checks) {
    if (own !== undefined && (first === undefined || own.laterBar < first.laterBar)) {
      first = own;
    }
  }
  return first;
}

/** Every node with what was compared and revised; or that no node output was recorded. */
export function consistencyTable(checks: readonly NodeConsistency[]): ColumnTable | Sentence {
  if (checks.length === 0) {
    return note("No node output was recorded.");
  }
  const cell = (of: (revision: Revision) => string, pick: "first" | "largest" = "first") =>
    checks.map((check) => (check[pick] === undefined ? "" : of(check[pick])));
  return makeTable({
    Node: checks.map(({node}) => node),
    "Pairs of bars": checks.map(({pairs}) => pairs),
    ...(checks.some(({lost}) => lost.length > 0)
      ? {"Bars not read": checks.map(({lost}) => lost.length)}
      : {}),
    Compared: checks.map(({compared}) => compared),
    Revised: checks.map(({revised}) => revised),
    "Largest (%)": cell(
      ({percent}) => (Number.isNaN(percent) ? "one side missing" : formatNumber(percent, 4)),
      "largest",
    ),
    "First: said at": cell(({earlierBar}) => formatMinute(earlierBar)),
    "revised at": cell(({laterBar}) => formatMinute(laterBar)),
    "for row": cell(({row}) => formatMinute(row)),
    value: cell(({feature, instrument}) => `${feature} · ${instrument}`),
    before: cell(({before}) => formatExact(before)),
    after: cell(({after}) => formatExact(after)),
  });
}
