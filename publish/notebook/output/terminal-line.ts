/** Whether a terminal would do more with these characters than put them one after another. */
export function movesCursor(text: string): boolean {
  return text.includes("\r") || text.includes("\b") || (text.includes("\x1b[") && moves.test(text));
}

/** Whether the text ends within a control sequence. */
export function endsInSequence(text: string): boolean {
  return unfinished.test(text.slice(-24));
}

// biome-ignore-start lint/suspicious/noControlCharactersInRegex: these are what is looked for
const moves = /\x1b\[\d*[CDGK]/;
const unfinished = /\x1b(?:\[[\d;?]*)?$/;
const pieces = /\x1b\[(?<number>[\d;]*)(?<command>[CDGKm])|\x1b\[[\d;?]*[A-Za-z]|[\s\S]/gu;
// biome-ignore-end lint/suspicious/noControlCharactersInRegex: as above

/** A line is folded within so many columns: a jump to column 10⁹ must not fill the memory. */
const lastColumn = 10_000;

interface Character {
  readonly text: string;
  readonly style: string;
}

const reset = "\x1b[0m";
const blank: Character = {text: " ", style: ""};

/**
 * One line of a terminal: returns, backspaces, moves within the line and erasing (`ESC[K`) have
 * done their work, and each character keeps its colour. All are taken to be one column wide.
 */
export class TerminalLine {
  readonly #shown: Character[] = [];
  readonly #style = new Style();
  #column = 0;

  constructor(text: string) {
    for (const {0: piece, groups} of text.matchAll(pieces)) {
      const {command, number = ""} = groups ?? {};
      if (command === "m") this.#style.add(number);
      else if (command !== undefined) this.#obey(command, number);
      else if (piece === "\r") this.#column = 0;
      else if (piece === "\b") this.#column = Math.max(0, this.#column - 1);
      else if (!piece.startsWith("\x1b")) this.#write(piece); // others show nothing in this line
    }
  }

  #obey(command: string, number: string): void {
    const n = Number(number);
    if (command === "K") this.#erase(n);
    else if (command === "G") this.#move(Math.max(1, n) - 1);
    else this.#move(this.#column + Math.max(1, n) * (command === "C" ? 1 : -1));
  }

  #move(column: number): void {
    this.#column = Math.min(Math.max(0, column), Math.max(lastColumn, this.#shown.length));
  }

  #erase(part: number): void {
    if (part !== 1)
      this.#shown.length = part === 2 ? 0 : Math.min(this.#shown.length, this.#column);
    else this.#shown.fill(blank, 0, this.#column + 1);
  }

  #write(text: string): void {
    while (this.#shown.length < this.#column) this.#shown.push(blank);
    this.#shown[this.#column++] = {text, style: String(this.#style)};
  }

  /** What is seen, in its colours; those in force at the end stay so. */
  toString(): string {
    let style = "";
    const parts: string[] = [];
    for (const next of [...this.#shown, {text: "", style: String(this.#style)}]) {
      const isOver = style !== "" && next.style !== reset;
      if (next.style !== style) parts.push(isOver ? reset : "", next.style);
      style = next.style;
      parts.push(next.text);
    }
    return parts.join("");
  }

  /** A text that leaves a terminal as this line does, its cursor too. */
  toText(): string {
    if (this.#column === this.#shown.length) return String(this);
    return `${this}\r${this.#column > 0 ? `\x1b[${this.#column}C` : ""}`;
  }
}

/** Colours and weights in force (`ESC[…m`, ECMA-48 §8.3.117), each kind at most once. */
class Style {
  readonly #codes = new Map<string, string>();
  /** Whatever earlier lines left in force is over. */
  #isReset = false;

  add(numbers: string): void {
    const codes = numbers.split(";");
    for (let i = 0; i < codes.length; ++i) {
      const code = Number(codes[i]);
      const isLong = code === 38 || code === 48; // 38;5;N or 38;2;R;G;B
      const length = isLong ? (codes[i + 1] === "2" ? 5 : 3) : 1;
      this.#set(code, codes.slice(i, i + length).join(";"));
      i += length - 1;
    }
  }

  #set(code: number, text: string): void {
    if (code === 0) {
      this.#codes.clear();
      this.#isReset = true;
    } else if (code >= 30) this.#put(isGround(code) ? "ground" : "colour", text, code % 10 === 9);
    else if (code > 20) this.#put(code === 22 ? "weight" : `${code - 20}`, text, true);
    else this.#put(code < 3 ? "weight" : `${code}`, text, false);
  }

  #put(kind: string, text: string, ends: boolean): void {
    if (ends) this.#codes.delete(kind);
    else this.#codes.set(kind, text);
  }

  toString(): string {
    if (this.#codes.size === 0) return this.#isReset ? reset : "";
    return `\x1b[${[...this.#codes.values()].join(";")}m`;
  }
}

function isGround(code: number): boolean {
  return (code >= 40 && code < 50) || code >= 100;
}
