import type {EpochMs} from "../time/epoch.js";

/** A later version of a bar: its values by column, and when it became known. */
export interface CellVersion {
  readonly known: EpochMs;
  readonly values: ReadonlyMap<string, number>;
}

/** The corrections of one instrument's bars, by bar end; usually there are none. */
export class CellVersions {
  /** Ends of corrected bars, increasing. */
  readonly #ends: number[] = [];
  readonly #byEnd = new Map<EpochMs, CellVersion[]>();

  /** How many bars have more than one version. */
  get size(): number {
    return this.#ends.length;
  }

  /** Adds a version; of two that became known at once, the one added later counts. */
  add(barEnd: EpochMs, version: CellVersion): void {
    const versions = this.#byEnd.get(barEnd);
    if (versions === undefined) {
      this.#byEnd.set(barEnd, [version]);
      this.#ends.splice(this.#countBefore(barEnd), 0, barEnd);
      return;
    }
    let at = versions.length;
    while (at > 0 && (versions[at - 1] as CellVersion).known > version.known) {
      at -= 1;
    }
    versions.splice(at, 0, version);
  }

  /** The version known last up to `latest`; undefined when the bar's first version still stands. */
  asKnown(barEnd: EpochMs, latest: EpochMs): CellVersion | undefined {
    const versions = this.#byEnd.get(barEnd) ?? [];
    let at = versions.length - 1;
    while (at >= 0 && (versions[at] as CellVersion).known > latest) {
      at -= 1;
    }
    return versions[at];
  }

  /** Every correction of a bar, in the order they became known. */
  of(barEnd: EpochMs): readonly CellVersion[] {
    return this.#byEnd.get(barEnd) ?? [];
  }

  /** Ends of corrected bars in [from, to]. */
  endsWithin(from: EpochMs, to: EpochMs): readonly EpochMs[] {
    return this.size === 0
      ? this.#ends
      : this.#ends.slice(this.#countBefore(from), this.#countBefore(to + 1));
  }

  /** Forgets the bars that end before `barEnd`. */
  dropBefore(barEnd: EpochMs): void {
    for (const end of this.#ends.splice(0, this.#countBefore(barEnd))) {
      this.#byEnd.delete(end);
    }
  }

  #countBefore(barEnd: EpochMs): number {
    let low = 0;
    let high = this.#ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ends[middle] as number) < barEnd) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
