import {ReckonError} from "../errors.js";
import type {ConfigTree, ConfigValue} from "./config-tree.js";
import {CONSTRUCTORS} from "./literal-constructors.js";

const CONSTANTS: Readonly<Record<string, ConfigValue>> = {
  None: null,
  null: null,
  True: true,
  true: true,
  False: false,
  false: false,
};

/** What a backslash and a character stand for in quoted text, as in Python. */
const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  a: "\x07",
  b: "\b",
  f: "\f",
  v: "\v",
  "\\": "\\",
  "'": "'",
  '"': '"',
  "\n": "", // a line that goes on
};

/** A character by its number: `\x41`, `\u00e9`, `\U0001f600`, or up to three octal digits. */
const NUMBERED = /x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})/y;

/**
 * A value written as a Python literal or constructor, as the reference's overrides write it:
 * `0.55`, `"x"`, `'x'`, `True`, `None`, `int(22)`, `float(0.55)`, `str("x")`, `bool(1)`,
 * `list([1])`, `tuple([1])`, `dict(a=1)`, lists, tuples and dictionaries of these, nested at will.
 * Text is parsed, never evaluated. A tuple becomes a list, `Timestamp('…', tz='UTC')` its text.
 *
 * @throws ReckonError `misuse` at the first character that fits nothing
 */
export function parseLiteral(text: string, place: string): ConfigValue {
  const reader = new LiteralReader(text, place);
  const value = reader.value();
  reader.end();
  return value;
}

class LiteralReader {
  #at = 0;
  readonly #text: string;
  readonly #place: string;

  constructor(text: string, place: string) {
    this.#text = text;
    this.#place = place;
  }

  value(): ConfigValue {
    const char = this.#peek();
    if (this.#startsText()) {
      return this.#texts();
    }
    if (char === "[") {
      return this.#items("[", "]");
    }
    if (char === "(") {
      const items = this.#items("(", ")");
      const isTuple = items.length !== 1 || /,\s*\)$/.test(this.#text.slice(0, this.#at));
      return isTuple ? items : (items[0] as ConfigValue);
    }
    if (char === "{") {
      return this.#dictionary();
    }
    return (
      this.#match(/[+-]?(?:\d|\.\d)[\d_.eE+-]*/y, Number.isFinite) ??
      ("+-".includes(char) && char !== "" ? this.#signed() : this.#word())
    );
  }

  /** `- 0.5`, `-int(3)`. */
  #signed(): number {
    const start = this.#at;
    const sign = this.#text[this.#at++] === "-" ? -1 : 1;
    const value = this.value();
    if (typeof value !== "number") {
      this.#at = start;
      return this.#fail("a number behind its sign");
    }
    return sign * value;
  }

  #startsText(): boolean {
    return /^[uUrR]?["']/.test(this.#text.slice(this.#at, this.#at + 2));
  }

  /** Texts that stand side by side are one. */
  #texts(): string {
    let text = "";
    while (this.#startsText()) {
      const isPrefixed = !`"'`.includes(this.#text[this.#at] as string);
      const prefix = isPrefixed ? (this.#text[this.#at++] as string) : "";
      text += this.#string(prefix.toLowerCase() === "r");
      this.#peek();
    }
    return text;
  }

  end(): void {
    this.#peek();
    if (this.#at < this.#text.length) {
      this.#fail("the end of the value");
    }
  }

  #peek(): string {
    while (/\s/.test(this.#text[this.#at] ?? "")) {
      this.#at += 1;
    }
    return this.#text[this.#at] ?? "";
  }

  #take(char: string): boolean {
    const isNext = this.#peek() === char;
    this.#at += isNext ? 1 : 0;
    return isNext;
  }

  #expect(char: string): void {
    if (!this.#take(char)) {
      this.#fail(`"${char}"`);
    }
  }

  #match(pattern: RegExp, isFit: (value: number) => boolean): number | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    const value = Number(found?.replaceAll("_", ""));
    if (found === undefined || !isFit(value)) {
      return undefined;
    }
    this.#at += found.length;
    return value;
  }

  #string(isRaw: boolean): string {
    const quote = this.#text[this.#at++];
    let text = "";
    while (this.#at < this.#text.length) {
      const char = this.#text[this.#at++] as string;
      if (char === quote) {
        return text;
      }
      text += char !== "\\" ? char : isRaw ? this.#kept() : this.#escaped();
    }
    return this.#fail(`a closing ${quote}`);
  }

  /** A backslash that is only one, with what follows it. */
  #kept(): string {
    return `\\${this.#text[this.#at++] ?? ""}`;
  }

  /** Python keeps a backslash that means nothing. */
  #escaped(): string {
    NUMBERED.lastIndex = this.#at;
    const numbered = NUMBERED.exec(this.#text);
    if (numbered !== null) {
      this.#at += numbered[0].length;
      const [, x, u, long, octal] = numbered;
      const code =
        octal === undefined ? Number.parseInt(`${x ?? u ?? long}`, 16) : Number.parseInt(octal, 8);
      return code <= 0x10ffff ? String.fromCodePoint(code) : this.#fail("a character there is");
    }
    const escaped = ESCAPES[this.#text[this.#at] ?? ""];
    if (escaped === undefined) {
      return this.#kept();
    }
    this.#at += 1;
    return escaped;
  }

  #items(open: string, close: string): ConfigValue[] {
    this.#expect(open);
    const items: ConfigValue[] = [];
    while (!this.#take(close)) {
      items.push(this.value());
      if (!this.#take(",") && this.#peek() !== close) {
        this.#fail(`"," or "${close}"`);
      }
    }
    return items;
  }

  #dictionary(): ConfigTree {
    this.#expect("{");
    const entries: [key: string, value: ConfigValue][] = [];
    while (!this.#take("}")) {
      const key = this.value();
      if (typeof key !== "string" && typeof key !== "number") {
        this.#fail("a text or number as key");
      }
      this.#expect(":");
      entries.push([String(key), this.value()]);
      if (!this.#take(",") && this.#peek() !== "}") {
        this.#fail('"," or "}"');
      }
    }
    return Object.fromEntries(entries);
  }

  /** `a=1, b=2)`, after `dict(`. */
  #keywords(): ConfigTree {
    const entries: [key: string, value: ConfigValue][] = [];
    while (!this.#take(")")) {
      this.#peek();
      const key = this.#name();
      if (key === "") {
        this.#fail("a name");
      }
      this.#expect("=");
      entries.push([key, this.value()]);
      if (!this.#take(",") && this.#peek() !== ")") {
        this.#fail('"," or ")"');
      }
    }
    return Object.fromEntries(entries);
  }

  #name(): string {
    const name = /^[A-Za-z_]\w*/.exec(this.#text.slice(this.#at))?.[0] ?? "";
    this.#at += name.length;
    return name;
  }

  #word(): ConfigValue {
    const start = this.#at;
    const word = this.#name();
    if (this.#peek() === "(") {
      const isKeywords = /^\(\s*[A-Za-z_]\w*\s*=/.test(this.#text.slice(this.#at));
      if (word === "dict" && isKeywords) {
        this.#expect("(");
        return this.#keywords();
      }
      return word === "Timestamp" ? this.#timestamp() : this.#construct(word, start);
    }
    const value = Object.hasOwn(CONSTANTS, word) ? CONSTANTS[word] : undefined;
    if (value === undefined) {
      this.#at = start;
      return this.#fail("a number, text, list, dictionary or None");
    }
    return value;
  }

  /** `('2000-01-01 09:35:00-0500', tz='America/New_York')`: the text has the offset already. */
  #timestamp(): string {
    this.#expect("(");
    const text = this.value();
    if (typeof text !== "string") {
      return this.#fail("a time in quotes");
    }
    if (this.#take(",") && this.#peek() !== ")") {
      if (this.#name() !== "tz") {
        this.#fail("tz=");
      }
      this.#expect("=");
      this.value();
    }
    this.#expect(")");
    return text;
  }

  #construct(name: string, start: number): ConfigValue {
    const [value, ...more] = this.#items("(", ")");
    const make = Object.hasOwn(CONSTRUCTORS, name) ? CONSTRUCTORS[name] : undefined;
    const made = more.length === 0 ? make?.(value) : undefined;
    if (made === undefined) {
      this.#at = start;
      const known = Object.keys(CONSTRUCTORS).map((word) => `${word}(…)`);
      return this.#fail(`one of ${known.join(", ")} of a value that it takes`);
    }
    return made;
  }

  #fail(expected: string): never {
    throw new ReckonError("misuse", {
      place: `${this.#place}, at character ${this.#at + 1}`,
      expected,
      found: JSON.stringify(this.#text.slice(this.#at, this.#at + 30)),
      fix: "write for example a.b=0.55",
    });
  }
}
