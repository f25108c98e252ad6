import {monotonicMs, startInterval, startTimer, type Timer} from "../timers.js";
import {type WriteFile, writeWhole} from "../whole-file.js";
import type {Notebook} from "./file/nbformat.js";
import {formatNotebook} from "./file/write-notebook.js";

export interface SaverOptions {
  readonly path: string;
  /** The notebook as it is now; not touched until it has been put into text, at once. */
  readonly snapshot: () => Notebook;
  /** How often it is saved though no cell ends, in milliseconds; defaults to 30 s. */
  readonly everyMs?: number | undefined;
  readonly write?: WriteFile;
  /** Told of a save between the first and the last that failed, once for each row of them. */
  readonly onFailed?: (error: unknown) => void;
}

/** Saving may take this part of a run's time, and waits where it would take more. */
const mostShare = 0.05;

/**
 * Keeps a notebook that runs on the disk: whole at every moment, after each cell and from time to
 * time inside one. What was wanted while it was not affordable, or while another save went on, is
 * made up for by one save later. A save that fails is tried again at the next occasion.
 */
export class NotebookSaver {
  readonly #options: SaverOptions;
  readonly #everyMs: number;
  readonly #startedMs = monotonicMs();
  #interval: Timer | null = null;
  #timer: Timer | null = null;
  #saving: Promise<void> | null = null;
  #isWanted = false;
  #isFailing = false;
  #spentMs = 0;
  #lastMs = 0;
  #savedMs = 0;

  constructor(options: SaverOptions) {
    this.#options = options;
    this.#everyMs = options.everyMs ?? 30_000;
  }

  /**
   * The first save, before anything runs.
   *
   * @throws PublishError `write-failed`
   */
  async begin(): Promise<void> {
    await this.#save();
    this.#interval = startInterval(this.#everyMs, () => this.want());
  }

  /** Something is worth saving. */
  want(): void {
    this.#isWanted = true;
    this.#next();
  }

  /**
   * The last save, and an end to all others.
   *
   * @throws PublishError `write-failed`; what was saved before is still there
   */
  async end(): Promise<void> {
    this.#interval?.clear();
    this.#isWanted = false;
    await this.#saving;
    this.#timer?.clear();
    await this.#save();
  }

  #next(): void {
    if (!this.#isWanted || this.#saving !== null || this.#timer !== null) {
      return;
    }
    const waitMs = this.#waitMs();
    if (waitMs > 0) {
      this.#timer = startTimer(waitMs, () => {
        this.#timer = null;
        this.#next();
      });
      return;
    }
    this.#isWanted = false;
    this.#saving = this.#save()
      .then(
        () => {
          this.#isFailing = false;
        },
        (error: unknown) => {
          if (!this.#isFailing) this.#options.onFailed?.(error);
          this.#isFailing = true; // the last save throws what is wrong
        },
      )
      .finally(() => {
        this.#saving = null;
        this.#next();
      });
  }

  /** Until one more save is affordable, or so much time has passed that it alone would be. */
  #waitMs(): number {
    const nowMs = monotonicMs();
    const forAll = this.#startedMs + (this.#spentMs + this.#lastMs) / mostShare - nowMs;
    const forOne = this.#savedMs + Math.max(this.#everyMs, this.#lastMs / mostShare) - nowMs;
    return Math.min(forAll, forOne);
  }

  async #save(): Promise<void> {
    const {path, snapshot, write = writeWhole} = this.#options;
    const startMs = monotonicMs();
    try {
      await write(path, formatNotebook(snapshot()));
    } finally {
      this.#savedMs = monotonicMs();
      this.#lastMs = this.#savedMs - startMs;
      this.#spentMs += this.#lastMs;
    }
  }
}
