import {formatMinute, toIso} from "../../time/epoch.js";
import {formatCount} from "../../words.js";
import {joinSentences, note, type Sentence, tableOfTexts} from "../sentence.js";
import type {ObservedRun} from "./observed-run.js";

/** Most instruments that a page lists; the last line says how many more there are. */
const MOST_ROWS = 60;

/** What the DAG's last node put out at its last bar: an instrument a line, a feature a column. */
export function lastOutputView({lastOutput}: Pick<ObservedRun, "lastOutput">): Sentence {
  if (lastOutput === undefined) {
    return note("No DAG output was recorded.");
  }
  const {node, wallClock, row} = lastOutput;
  const [bar] = row.index;
  const features = [...row.features.keys()];
  const lines = row.columns.map((id, j) => [
    id,
    ...features.map((name) => valueText(row.features.get(name)?.[j]?.[0] ?? Number.NaN)),
  ]);
  const clock = Number.isNaN(wallClock) ? "" : `, put out at ${toIso(wallClock).slice(11, 19)} UTC`;
  const more = lines.length - MOST_ROWS;
  return joinSentences(
    note(`Node ${node}, bar ${formatMinute(bar as number)} UTC${clock}.`),
    tableOfTexts([["Instrument", ...features], ...lines.slice(0, MOST_ROWS)]),
    ...(more > 0 ? [note(`Not shown: ${formatCount(more, "more instrument")}.`)] : []),
  );
}

/** Six significant digits: the numbers of a model have no unit in common. */
function valueText(value: number): string {
  return Number.isNaN(value) ? "missing" : String(Number(value.toPrecision(6))).replace("-", "−");
}
