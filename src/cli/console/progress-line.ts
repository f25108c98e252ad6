import type {WriteStream} from "node:tty";

/** Characters of the bar. */
const WIDTH = 24;

/** A pipe gets a line when another tenth is done. */
const STEPS = 10;

/** How far something is. */
export interface Progress {
  /** What is being done, for example a symbol. Another title begins another line. */
  readonly title: string;
  /** 0 to 1. */
  readonly share: number;
  /** What else to say. */
  readonly note: string;
}

/** One line that is drawn anew on a terminal; in a pipe, a plain line now and then. */
export class ProgressLine {
  readonly #out: Pick<WriteStream, "write" | "isTTY">;
  #title = "";
  #step = -1;
  #isOpen = false;

  constructor(out: Pick<WriteStream, "write" | "isTTY">) {
    this.#out = out;
  }

  show({title, share, note}: Progress): void {
    const percent = `${Math.floor(share * 100)} %`.padStart(5);
    if (this.#out.isTTY) {
      const done = Math.floor(share * WIDTH);
      const bar = "█".repeat(done) + "░".repeat(WIDTH - done);
      this.#open(title);
      this.#out.write(`\r\u001b[2K${title}  ${bar} ${percent}  ${note}`);
      return;
    }
    const step = Math.floor(share * STEPS);
    if (title !== this.#title || step > this.#step) {
      this.#title = title;
      this.#step = step;
      this.#out.write(`${title} ${percent}  ${note}\n`);
    }
  }

  /** A line of its own, for example a warning. */
  say(text: string): void {
    this.end();
    this.#out.write(`${text}\n`);
  }

  /** Leaves the drawn line where it is. */
  end(): void {
    if (this.#isOpen) {
      this.#out.write("\n");
      this.#isOpen = false;
    }
  }

  #open(title: string): void {
    if (this.#isOpen && title !== this.#title) {
      this.end();
    }
    this.#title = title;
    this.#isOpen = true;
  }
}
