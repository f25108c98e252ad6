import type {ChildProcess} from "node:child_process";
import {StringDecoder} from "node:string_decoder";
import type {StreamOutput} from "./kernel-output.js";

type Listener = (output: StreamOutput) => void;

const tailBytes = 8192;

/**
 * What a kernel's process writes to its own stdout and stderr, outside the protocol: processes that
 * a cell starts, writes to a file descriptor, warnings of the engine. All of it goes to the cell
 * that runs, else to whoever hears it, in the order in which it came, characters whole also where
 * they came in pieces; what came before anybody heard waits for them. The last 8 KB are kept.
 */
export class RawOutput {
  #tail = Buffer.alloc(0);
  readonly #unheard: StreamOutput[] = [];
  #listener: Listener | null = null;
  #cell: Listener | null = null;

  constructor({stdout, stderr}: ChildProcess) {
    for (const [name, stream] of [["stdout", stdout] as const, ["stderr", stderr] as const]) {
      const decoder = new StringDecoder("utf8");
      stream?.on("data", (chunk: Buffer) => {
        this.#tail = Buffer.concat([this.#tail, chunk]).subarray(-tailBytes);
        this.#tell(name, decoder.write(chunk));
      });
      stream?.on("end", () => this.#tell(name, decoder.end()));
    }
  }

  tail(): string {
    return this.#tail.toString("utf8");
  }

  /** From now on what comes is the cell's. */
  enterCell(listener: Listener): void {
    this.#cell = listener;
  }

  leaveCell(): void {
    this.#cell = null;
  }

  /** Calls for what came and comes outside of cells, in place of an earlier listener. */
  hear(listener: Listener): void {
    for (const output of this.#unheard.splice(0)) listener(output);
    this.#listener = listener;
  }

  #tell(name: StreamOutput["name"], text: string): void {
    if (text === "") return;
    const output: StreamOutput = {kind: "stream", name, text};
    const listener = this.#cell ?? this.#listener;
    if (listener === null) this.#unheard.push(output);
    else listener(output);
  }
}
