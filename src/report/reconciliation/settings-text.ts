import {type EpochMs, formatMinute} from "../../time/epoch.js";
import {joinSentences, note, type Sentence} from "../sentence.js";

/** What names a reconciliation, checked. */
export interface ReconciliationSettings {
  readonly model: string;
  readonly runMode: string;
  readonly scheduleMode: string;
  readonly tag: string;
  readonly start: EpochMs;
  readonly end: EpochMs;
  readonly overrides: readonly {readonly text: string}[];
  readonly tolerance: number;
  readonly prodRun: string;
  readonly simRun: string;
}

/** The settings in words, with the folders that they mean. */
export function reconciliationSettings(settings: ReconciliationSettings): Sentence {
  const {start, end, tag, tolerance, prodRun, simRun} = settings;
  const overrides = settings.overrides.map(({text}) => text).join("; ");
  const words = [
    tag === "" ? settings.model : `${settings.model}, tag ${tag}`,
    `${settings.runMode.replaceAll("_", " ")}, ${settings.scheduleMode}`,
    `${formatMinute(start)} to ${formatMinute(end)} UTC`,
    `relative tolerance ${tolerance}`,
    overrides === "" ? "no overrides" : `overrides ${overrides}`,
  ];
  return joinSentences(
    note(`${words.join(" · ")}.`),
    note(`prod is read from ${prodRun}`),
    note(`sim is read from ${simRun}`),
  );
}
