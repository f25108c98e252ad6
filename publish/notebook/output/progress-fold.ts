import {compact, foldLine} from "./stream-text.js";
import {endsInSequence, movesCursor} from "./terminal-line.js";

/** How often a line that is written over and over is told. */
const retellMs = 200;

/**
 * Passes on the text of a stream, but of a line that is written over and over only what it shows
 * now and then, and in the end: a progress bar is a few pieces instead of thousands. Together they
 * leave on a terminal what all of the text would.
 */
export class ProgressFold {
  /** The line so far, with what follows its last carriage return. */
  #line = "";
  /** Whether the line may have become shorter than what was passed on of it. */
  #erases = false;
  /** Whether some of the line was passed on, and whether all of it was. */
  #isBegun = false;
  #isTold = true;
  #toldMs = Number.NEGATIVE_INFINITY;
  readonly #everyMs: number;

  /** @param everyMs how often an overwritten line is told; `Infinity`: only when it is over */
  constructor(everyMs = retellMs) {
    this.#everyMs = everyMs;
  }

  /** What is to be passed on now; perhaps nothing. */
  add(text: string, nowMs: number): string {
    if (this.#isTold && !movesCursor(text) && !this.#isMoved()) {
      const end = text.lastIndexOf("\n") + 1;
      this.#line = end > 0 ? text.slice(end) : this.#line + text;
      this.#isBegun = this.#line !== "";
      return text;
    }
    const lines = text.split("\n");
    const last = lines.pop() ?? "";
    const ended = lines.map((line) => `${this.#end(line)}\n`).join("");
    this.#extend(last);
    if (this.#isTold || !(nowMs - this.#toldMs >= this.#everyMs)) return ended;
    this.#toldMs = nowMs;
    return ended + this.#tell(this.#line);
  }

  /** What was not passed on yet; nothing more comes soon. */
  flush(): string {
    return this.#isTold ? "" : this.#tell(this.#line);
  }

  /** The line was written over already, or may be by what comes next. */
  #isMoved(): boolean {
    return movesCursor(this.#line) || endsInSequence(this.#line);
  }

  #extend(text: string): void {
    if (text === "") return;
    this.#erases ||= text.includes("\x1b");
    this.#line = compact(this.#line + text);
    this.#isTold = false;
  }

  #end(text: string): string {
    this.#extend(text);
    const told = this.#isTold ? "" : this.#tell(foldLine(this.#line));
    this.#line = "";
    this.#isBegun = false;
    this.#erases = false;
    this.#isTold = true;
    return told;
  }

  /** The whole line anew, over what was passed on of it. */
  #tell(line: string): string {
    const start = !this.#isBegun ? "" : this.#erases ? "\r\x1b[2K" : "\r";
    this.#isBegun = true;
    this.#isTold = true;
    return start + line;
  }
}
