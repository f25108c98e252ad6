import {ReckonError} from "../errors.js";
import {type ConfigTree, type ConfigValue, isConfigTree} from "./config-tree.js";

const CONSTANTS: Readonly<Record<string, ConfigValue>> = {
  None: null,
  null: null,
  True: true,
  true: true,
  False: false,
  false: false,
};

/** What each makes of its value, as Python does; undefined where Python raises an error. */
const CONSTRUCTORS: Readonly<
  Record<string, (value: ConfigValue | undefined) => ConfigValue | undefined>
> = {
  int: toInt,
  float: (value = 0) => toNumber(value),
  str: toText,
  bool: (value = false) => isTruthy(value),
  list: (value = []) => (Array.isArray(value) ? value : undefined),
  tuple: (value = []) => (Array.isArray(value) ? value : undefined),
  dict: (value = {}) => (isConfigTree(value) ? value : undefined),
};

function toNumber(value: ConfigValue): number | undefined {
  const isNumeric =
    typeof value === "number" ||
    typeof value === "boolean" ||
    (typeof value === "string" && /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(value));
  const number = isNumeric ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}

/** A number loses its decimals; text must have none. */
function toInt(value: ConfigValue = 0): number | undefined {
  if (typeof value === "string" && !/^\s*[+-]?\d+\s*$/.test(value)) {
    return undefined;
  }
  const number = toNumber(value);
  return number === undefined ? undefined : Math.trunc(number) + 0;
}

function toText(value: ConfigValue = ""): string | undefined {
  if (value === null) {
    return "None";
  }
  if (typeof value === "boolean") {
    return value ? "True" : "False";
  }
  return typeof value === "object" ? undefined : String(value);
}

function isTruthy(value: ConfigValue): boolean {
  if (Array.isArray(value)) {
    return value.length > 0;
  }
  return isConfigTree(value) ? Object.keys(value).length > 0 : Boolean(value);
}

/** What a backslash and a letter stand for in quoted text; any other character is itself. */
const ESCAPES: Readonly<Record<string, string>> = {n: "\n", t: "\t", r: "\r"};

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
    if (char === '"' || char === "'") {
      return this.#string();
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
    return this.#match(/[+-]?(?:\d|\.\d)[\d_.eE+-]*/y, Number.isFinite) ?? this.#word();
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

  #string(): string {
    const quote = this.#text[this.#at++];
    let text = "";
    while (this.#at < this.#text.length) {
      const char = this.#text[this.#at++] as string;
      if (char === quote) {
        return text;
      }
      text += char === "\\" ? this.#escaped() : char;
    }
    return this.#fail(`a closing ${quote}`);
  }

  #escaped(): string {
    const char = this.#text[this.#at++] ?? "";
    return ESCAPES[char] ?? char;
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
