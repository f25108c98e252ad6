import type {RunLog} from "../../runlog/writing/run-log.js";

/** Events for the log of a run whose folder may not be there yet. */
export class HeldEvents {
  readonly #log: RunLog;
  #held: Parameters<RunLog["event"]>[] | undefined = [];

  constructor(log: RunLog) {
    this.#log = log;
  }

  readonly add: RunLog["event"] = (...event) => {
    if (this.#held === undefined) {
      this.#log.event(...event);
    } else {
      this.#held.push(event);
    }
  };

  /** Writes what was held, now that the folder is there. */
  release(): void {
    for (const event of this.#held ?? []) {
      this.#log.event(...event);
    }
    this.#held = undefined;
  }
}
