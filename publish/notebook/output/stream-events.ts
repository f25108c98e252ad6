import type {KernelOutput} from "../../kernel/kernel-output.js";
import {monotonicMs} from "../../timers.js";
import type {RunEvent} from "../run-outcome.js";
import {ProgressFold} from "./progress-fold.js";

interface OpenStream {
  readonly index: number;
  readonly name: string;
  readonly fold: ProgressFold;
}

/** Tells what cells print; of a progress bar what it shows now and then. */
export class StreamEvents {
  readonly #emit: (event: RunEvent) => void;
  readonly #streams = new Map<string, OpenStream>();

  constructor(emit: (event: RunEvent) => void) {
    this.#emit = emit;
  }

  add(index: number, {name, text}: Extract<KernelOutput, {kind: "stream"}>): void {
    const key = `${index} ${name}`;
    const stream = this.#streams.get(key) ?? {index, name, fold: new ProgressFold()};
    this.#streams.set(key, stream);
    this.#tell(stream, stream.fold.add(text, monotonicMs()));
  }

  /** What was held back; nothing more is expected soon. */
  flush(): void {
    for (const stream of this.#streams.values()) this.#tell(stream, stream.fold.flush());
  }

  #tell({index, name}: OpenStream, text: string): void {
    if (text !== "") this.#emit({type: "stream", index, name, text});
  }
}
