import type {BarOutcome} from "../../trading/targets/process-forecasts.js";
import type {RunRecord} from "./run-record.js";

/** What became of a run's bars, counted while it goes on. */
export class BarCounts {
  #bars = 0;
  #skipped = 0;
  readonly #notTraded: Record<string, number> = {};
  readonly #untradedNames: Record<string, number> = {};

  readonly add = ({kind, untraded = []}: BarOutcome): void => {
    this.#bars += 1;
    if (kind !== "traded") {
      this.#notTraded[kind] = (this.#notTraded[kind] ?? 0) + 1;
    }
    for (const {reason} of untraded) {
      this.#untradedNames[reason] = (this.#untradedNames[reason] ?? 0) + 1;
    }
  };

  readonly skip = (): void => {
    this.#skipped += 1;
  };

  /** As `run.json` has them. */
  record(): Pick<RunRecord, "bars" | "skipped_bars" | "not_traded" | "untraded_names"> {
    return {
      bars: this.#bars,
      ...(this.#skipped === 0 ? {} : {skipped_bars: this.#skipped}),
      not_traded: this.#notTraded,
      untraded_names: this.#untradedNames,
    };
  }
}
