import {ReckonError} from "../errors.js";
import type {ConfigTree, ConfigValue} from "./config-tree.js";

const CONSTANTS: Readonly<Record<string, ConfigValue>> = {
  None: null,
  null: null,
  True: true,
  true: true,
  False: false,
  false: false,
};

/**
 * A value written as a Python literal or constructor, as the reference's overrides write it:
 * `0.55`, `"x"`, `'x'`, `True`, `None`, `int(22)`, `float(0.55)`, `str("x")`, `bool(1)`, lists,
 * tuples and dictionaries of these. Text is parsed, never evaluated.
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
      return items.length === 1 && !this.#text.slice(0, this.#at).trimEnd().endsWith(",)")
        ? (items[0] as ConfigValue)
        : items;
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
      text += char === "\\" ? (this.#text[this.#at++] ?? "") : char;
    }
    return this.#fail(`a closing ${quote}`);
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
    const tree: ConfigTree = {};
    while (!this.#take("}")) {
      const key = this.value();
      this.#expect(":");
      tree[String(key)] = this.value();
      if (!this.#take(",") && this.#peek() !== "}") {
        this.#fail('"," or "}"');
      }
    }
    return tree;
  }

  #word(): ConfigValue {
    const word = /^[A-Za-z_]\w*/.exec(this.#text.slice(this.#at))?.[0] ?? "";
    this.#at += word.length;
    if (this.#peek() === "(") {
      return this.#construct(word, this.#items("(", ")"));
    }
    const value = CONSTANTS[word];
    return value === undefined ? this.#fail("a number, text, list, dictionary or None") : value;
  }

  #construct(name: string, [value = null, ...more]: ConfigValue[]): ConfigValue {
    if (more.length === 0) {
      const number = Number(value);
      if (name === "float" && Number.isFinite(number)) {
        return number;
      }
      if (name === "int" && Number.isFinite(number)) {
        return Math.trunc(number);
      }
      if (name === "str" && (typeof value === "string" || typeof value === "number")) {
        return String(value);
      }
      if (name === "bool") {
        return Boolean(value);
      }
    }
    return this.#fail("int(…), float(…), str(…) or bool(…) of one value");
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
