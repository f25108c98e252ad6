import type {ExecuteOptions, Kernel} from "../../kernel/kernel.js";
import type {KernelOutput} from "../../kernel/kernel-output.js";
import type {Scrubber} from "./scrubber.js";

/**
 * A kernel nothing of which gives a secret away: outputs, errors and the words of its process are
 * scrubbed before anybody sees, saves or logs them, also where a secret is split between pieces of
 * a stream, in a cell or outside.
 */
export function scrubbedKernel(kernel: Kernel, scrubber: Scrubber): Kernel {
  const streams: ScrubbedOutput[] = [];
  /** What comes while no cell runs. */
  let outside: ScrubbedOutput | null = null;
  return {
    pid: kernel.pid,
    startMs: kernel.startMs,
    versions: kernel.versions,
    ended: kernel.ended,
    shutdown: () => kernel.shutdown(),
    hear: (listener) => {
      outside?.release();
      const stream = new ScrubbedOutput(scrubber, (output) => {
        if (output.kind === "stream") listener(output);
      });
      outside = stream;
      kernel.hear((output) => stream.add(output));
    },
    rawTail: () => scrubber.text(kernel.rawTail()),
    execute: async (code: string, options: ExecuteOptions) => {
      const stream = new ScrubbedOutput(scrubber, options.onOutput);
      streams.push(stream);
      const onOutput = (output: KernelOutput) => stream.add(output);
      const reply = await kernel.execute(code, {...options, onOutput});
      stream.release();
      return {...reply, error: scrubber.value(reply.error)};
    },
    facts: async (timeoutMs: number) => {
      const facts = await kernel.facts(timeoutMs);
      for (const stream of streams) stream.release(); // what timers wrote after their cell
      outside?.release();
      return facts;
    },
  };
}

/** The outputs of one cell, each stream without what may be the beginning of a secret. */
class ScrubbedOutput {
  readonly #scrubber: Scrubber;
  readonly #onOutput: (output: KernelOutput) => void;
  readonly #held = {stdout: "", stderr: ""};

  constructor(scrubber: Scrubber, onOutput: (output: KernelOutput) => void) {
    this.#scrubber = scrubber;
    this.#onOutput = onOutput;
  }

  add(output: KernelOutput): void {
    if (output.kind !== "stream") {
      this.#onOutput(this.#scrubber.value(output));
      return;
    }
    const {name} = output;
    const {clean, held} = this.#scrubber.piece(this.#held[name] + output.text);
    this.#held[name] = held;
    this.#emit(name, clean);
  }

  /** Nothing more comes that what was held back could be the beginning of. */
  release(): void {
    for (const name of ["stdout", "stderr"] as const) {
      const text = this.#held[name];
      this.#held[name] = "";
      this.#emit(name, this.#scrubber.text(text));
    }
  }

  #emit(name: "stdout" | "stderr", text: string): void {
    if (text !== "") this.#onOutput({kind: "stream", name, text});
  }
}
