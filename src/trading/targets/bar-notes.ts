import type {EpochMs} from "../../time/epoch.js";
import {formatCount} from "../../words.js";

/** Something about a bar that people should know; it goes into the run's log. */
export interface BarNote {
  /** The name it is about; left out where it is about the whole bar. */
  readonly instrument?: string;
  readonly text: string;
}

/** What is said when a condition begins and when it ends. */
export interface Condition {
  readonly begins: string;
  /** Nothing is said of its end where left out. */
  readonly ends?: string;
}

/** Says of each name when a condition begins and when it ends, once each, not bar by bar. */
export class ConditionWatch {
  readonly #condition: Condition;
  #now: ReadonlySet<string> = new Set();

  constructor(condition: Condition) {
    this.#condition = condition;
  }

  /**
   * Takes the names the condition holds for now; gives what is new.
   *
   * @param isKept true for a name of which nothing can be told now: its state stays as it was
   */
  update(instruments: readonly string[], isKept: (id: string) => boolean = () => false): BarNote[] {
    const before = this.#now;
    if (instruments.length === 0 && before.size === 0) {
      return [];
    }
    const begun = instruments.filter((id) => !before.has(id) && !isKept(id));
    const now = new Set(instruments);
    const ended = [...before].filter((id) => !now.has(id) && !isKept(id));
    const over = new Set(ended);
    this.#now = new Set([...[...before].filter((id) => !over.has(id)), ...begun]);
    const {begins, ends} = this.#condition;
    return [
      ...begun.map((id) => ({instrument: id, text: begins})),
      ...(ends === undefined ? [] : ended.map((id) => ({instrument: id, text: ends}))),
    ];
  }
}

/** Halts trading when data stays away and resumes it when data is back; says so once each. */
export class DataWatch {
  readonly #barMs: number;
  readonly #staleAfterBars: number;
  #lastData: EpochMs | undefined;
  #isHalted = false;

  /** @param staleAfterBars bars without data after which one more halts trading */
  constructor(barMs: number, staleAfterBars: number) {
    this.#barMs = barMs;
    this.#staleAfterBars = staleAfterBars;
  }

  /** Bars that were never handled, because the clock had passed them, count as without data. */
  see(barEnd: EpochMs, hasData: boolean): {isHalted: boolean; notes: BarNote[]} {
    this.#lastData ??= barEnd - this.#barMs;
    const missed = (barEnd - this.#lastData) / this.#barMs;
    const wasHalted = this.#isHalted;
    if (hasData) {
      this.#lastData = barEnd;
      this.#isHalted = false;
      const text = `trading resumed: data is back after ${formatCount(missed - 1, "bar")} without`;
      return {isHalted: false, notes: wasHalted ? [{text}] : []};
    }
    this.#isHalted = missed > this.#staleAfterBars;
    const most = formatCount(this.#staleAfterBars, "bar");
    const text = `trading halted: no data for more than ${most}`;
    return {isHalted: this.#isHalted, notes: this.#isHalted && !wasHalted ? [{text}] : []};
  }

  /** A bar of which no data is expected. */
  skip(barEnd: EpochMs): void {
    this.#lastData = barEnd;
  }
}
