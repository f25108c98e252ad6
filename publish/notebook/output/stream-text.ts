/**
 * The text of a stream as a terminal would show it: what follows a carriage return overwrites the
 * start of its line, so that a progress bar is one line instead of thousands.
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
  return text.includes("\r") ? text.split("\n").map(foldLine).join("\n") : text;
}

/** A line as a terminal shows it after its carriage returns. */
export function foldLine(line: string): string {
  return line.includes("\r") ? line.split("\r").reduce(overwrite) : line;
}

function overwrite(shown: string, next: string): string {
  return next + shown.slice(next.length);
}

/** The line with all but its last piece folded: what comes next goes on where that one ends. */
export function compact(line: string): string {
  const last = line.lastIndexOf("\r");
  return last < 0 ? line : foldLine(line.slice(0, last)) + line.slice(last);
}
