import type {Column} from "../../table/frame.js";
import {type BenchmarkLine, benchmarkLine} from "../benchmark/alpha-beta.js";
import {pairReturns} from "../benchmark/paired.js";
import {type Moments, momentsOf} from "../distribution/moments.js";
import {OrderedValues} from "../distribution/quantile.js";
import {type WinsAndLosses, winsAndLosses} from "../trades/win-loss.js";

/** What several statistics need of the same returns, each found when it is first asked for. */
export class SampleFacts {
  readonly #returns: Column;
  readonly #benchmark: Column | undefined;
  #moments: Moments | undefined;
  #ordered: OrderedValues | undefined;
  #winsAndLosses: WinsAndLosses | undefined;
  #line: BenchmarkLine | undefined;

  /** The columns must not change while this is asked. */
  constructor(returns: Column, benchmark?: Column) {
    this.#returns = returns;
    this.#benchmark = benchmark;
  }

  get moments(): Moments {
    this.#moments ??= momentsOf(this.#returns);
    return this.#moments;
  }

  get ordered(): OrderedValues {
    this.#ordered ??= new OrderedValues(this.#returns);
    return this.#ordered;
  }

  get winsAndLosses(): WinsAndLosses {
    this.#winsAndLosses ??= winsAndLosses(this.#returns);
    return this.#winsAndLosses;
  }

  /** Against the benchmark, in the periods in which both are known; of none, against zeros. */
  get line(): BenchmarkLine {
    const benchmark = this.#benchmark ?? new Float64Array(this.#returns.length);
    this.#line ??= benchmarkLine(pairReturns(this.#returns, benchmark));
    return this.#line;
  }
}
