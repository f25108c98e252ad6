const FIRST_CAPACITY = 1024;

/** Numbers that are added one by one, kept as doubles without an object per number. */
export class NumberList {
  #values = new Float64Array(FIRST_CAPACITY);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const wider = new Float64Array(2 * this.#length);
      wider.set(this.#values);
      this.#values = wider;
    }
    this.#values[this.#length] = value;
    this.#length += 1;
  }

  at(i: number): number {
    return this.#values[i] as number;
  }

  /** What was added so far, in memory of its own. */
  toArray(): Float64Array {
    return this.#values.slice(0, this.#length);
  }

  /** These entries, in this order. */
  pick(rows: readonly number[]): Float64Array {
    return Float64Array.from(rows, (row) => this.#values[row] as number);
  }
}
