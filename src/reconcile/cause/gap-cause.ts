import {formatMinute} from "../../time/epoch.js";
import {type Cause, causeOf, type Scene} from "./cause.js";
import type {RecordGap} from "./record-gap.js";

/** Only a record is not whole; undefined where the first difference is no gap. */
export function gapCause(scene: Scene): Cause | undefined {
  const {first, gaps} = scene;
  const side = Number.isNaN(first.prod) ? "prod" : "sim";
  const gap = gaps.all.find(
    ({barEnd, instrument, ...one}) =>
      (one.side === side || one.isStray) &&
      barEnd === first.barEnd &&
      [first.instrument, first.field, ""].includes(instrument),
  );
  if (gap === undefined) {
    return undefined;
  }
  const what = gap.instrument === "" ? "The bar" : gap.instrument;
  const isSure = gaps.all.some((one) => one.isSure);
  const isTold = gap.isStray === true; // the sentence about it is among those of all gaps
  return causeOf(
    {name: "record gap", confidence: isSure ? "certain" : "likely"},
    [
      ...gapTexts(gaps.all),
      isTold
        ? ""
        : isSure
          ? `${what} was handled at ${formatMinute(gap.barEnd)} UTC all the same: ` +
            witnessText(gap.witness)
          : "No order of either run followed from it.",
      gaps.takenBack.length === 0 ? "Everything that both runs recorded agrees." : "",
    ],
    isSure ? [] : [["code or model", "the run may have left it out, which no record tells"]],
  );
}

function witnessText(witness: RecordGap["witness"]): string {
  switch (witness) {
    case "run.json":
      return "run.json counts more bars than are recorded.";
    case "order ids":
      return "the numbers of the run's orders leave out some between the bars around it.";
    default: {
      const isMany = witness === "orders" || witness === "fills";
      return `its ${witness} ${isMany ? "are" : "is"} recorded.`;
    }
  }
}

/** What is not in the records, a sentence for each run and set of instruments. */
export function gapTexts(gaps: readonly RecordGap[]): string[] {
  const groups = new Map<string, RecordGap[]>();
  for (const gap of gaps) {
    const key = `${gap.side} ${gap.instrument === ""} ${gap.isStray}`;
    groups.set(key, [...(groups.get(key) ?? []), gap]);
  }
  return Array.from(groups.values(), (group) => {
    const [{side, isStray}] = group as [RecordGap];
    const streams = fewOf(new Set(group.map(({stream}) => stream)));
    const ids = new Set(group.map(({instrument}) => instrument).filter((id) => id !== ""));
    const bars = Array.from(new Set(group.map(({barEnd}) => barEnd))).sort((a, b) => a - b);
    const [from, to] = [bars[0], bars.at(-1)].map((bar) => formatMinute(bar as number));
    const when =
      bars.length === 1 ? `the bar ${from}` : `${bars.length} bars from ${from} to ${to}`;
    const owner = side === "prod" ? "Prod's record" : "The simulation's record";
    const of = ids.size === 0 ? "" : ` of ${fewOf(ids)}`;
    if (isStray) {
      return `${owner} names ${fewOf(ids)} in ${streams} alone.`;
    }
    return `${owner} has no row${of} in ${streams} at ${when} UTC.`;
  });
}

function fewOf(names: ReadonlySet<string>): string {
  const shown = [...names].slice(0, 5).join(", ");
  return names.size > 5 ? `${shown} and ${names.size - 5} more` : shown;
}
