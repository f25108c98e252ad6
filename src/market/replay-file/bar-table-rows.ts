import type {BarRows, BarTable, SymbolBars} from "../bars.js";
import {OHLCV} from "../bars.js";
import type {DumpRow} from "./write-replay-file.js";

/** Every version of every bar, sorted by bar end, then instrument, then knowledge time. */
export function* barTableRows({symbols, bySymbol}: BarTable): Generator<DumpRow> {
  const readers = [...symbols].sort().map((symbol) => {
    return new SymbolReader(symbol, bySymbol.get(symbol) as SymbolBars);
  });
  for (;;) {
    const end = Math.min(...readers.map((reader) => reader.nextEnd));
    if (end === Number.POSITIVE_INFINITY) {
      return;
    }
    for (const reader of readers) {
      if (reader.nextEnd === end) {
        yield* reader.take();
      }
    }
  }
}

/** Goes through one instrument's bars. */
class SymbolReader {
  readonly #symbol: string;
  readonly #bars: SymbolBars;
  #row = 0;
  #correction = 0;

  constructor(symbol: string, bars: SymbolBars) {
    this.#symbol = symbol;
    this.#bars = bars;
  }

  get nextEnd(): number {
    return this.#bars.barEnd[this.#row] ?? Number.POSITIVE_INFINITY;
  }

  /** The next bar's versions, first known first. */
  *take(): Generator<DumpRow> {
    const end = this.nextEnd;
    yield this.#dumpRow(this.#bars, this.#row);
    this.#row += 1;
    const {corrections} = this.#bars;
    while (corrections !== undefined && corrections.barEnd[this.#correction] === end) {
      yield this.#dumpRow(corrections, this.#correction);
      this.#correction += 1;
    }
  }

  #dumpRow({barEnd, knowledgeTime, columns}: BarRows, row: number): DumpRow {
    return {
      end: barEnd[row] as number,
      symbol: this.#symbol,
      known: knowledgeTime[row] as number,
      values: OHLCV.map((name) => columns.get(name)?.[row] ?? Number.NaN),
    };
  }
}
