/** Counts the rows that bars were decided without. */
export class MissingRows {
  #rows = 0;
  #gaps = 0;
  #last: ReadonlySet<string> = new Set();

  /** Bars decided without an instrument's row, summed over instruments. */
  get rows(): number {
    return this.#rows;
  }

  /** Stretches of such bars, summed over instruments. */
  get gaps(): number {
    return this.#gaps;
  }

  /** @param symbols instruments whose row of the bar just decided was not there */
  add(symbols: readonly string[]): void {
    this.#rows += symbols.length;
    this.#gaps += symbols.filter((symbol) => !this.#last.has(symbol)).length;
    this.#last = new Set(symbols);
  }
}
