import {endsInSequence, movesCursor, TerminalLine} from "./terminal-line.js";

/**
 * The text of a stream as a terminal would show it: what follows a carriage return overwrites the
 * start of its line, so that a progress bar is one line instead of thousands. So do the other
 * sequences that bars are drawn with; what moves to another line does nothing here.
 */
export class StreamText {
  /** Pieces that are over: they end with a line break. */
  readonly #closed: string[] = [];
  /** The current line, which a later carriage return may still overwrite. */
  #open = "";

  append(text: string): void {
    const end = text.lastIndexOf("\n") + 1;
    if (end > 0) {
      this.#closed.push(foldLines(this.#open + text.slice(0, end)));
      this.#open = "";
    }
    this.#open = compact(this.#open + text.slice(end));
  }

  toString(): string {
    // Joined pieces stay joined: a stream of many pieces is asked for after each cell.
    const closed = this.#closed.join("");
    this.#closed.splice(0, this.#closed.length, closed);
    return closed + foldLine(this.#open);
  }
}

function foldLines(text: string): string {
  return movesCursor(text) ? text.split("\n").map(foldLine).join("\n") : text;
}

/** A line as a terminal shows it after all that moves its cursor and erases. */
export function foldLine(line: string): string {
  if (!movesCursor(line)) return line;
  return isPlain(line) ? line.split("\r").reduce(overwrite) : String(new TerminalLine(line));
}

/** Nothing but returns, and a column for each code unit: most progress bars, and much faster. */
function isPlain(line: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  return !/[\b\x1b\ud800-\udfff]/.test(line);
}

function overwrite(shown: string, next: string): string {
  return next + shown.slice(next.length);
}

/** The line with all but its last piece folded: what comes next goes on where that one ends. */
export function compact(line: string): string {
  if (!movesCursor(line) || endsInSequence(line)) return line;
  if (!isPlain(line)) return new TerminalLine(line).toText();
  const last = line.lastIndexOf("\r");
  return foldLine(line.slice(0, last)) + line.slice(last);
}
