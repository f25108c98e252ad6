import {secretForms} from "./secret-forms.js";

const shown = "[secret]";

/** Puts `[secret]` in place of secrets, in whichever form they appear. */
export class Scrubber {
  readonly #forms: readonly string[];
  readonly #pattern: RegExp;

  /** @param secrets at least one, none of them empty */
  constructor(secrets: readonly string[]) {
    const forms = new Set(secrets.flatMap(secretForms));
    this.#forms = [...forms].sort((a, b) => b.length - a.length);
    this.#pattern = new RegExp(this.#forms.map(escapePattern).join("|"), "g");
  }

  /** A text that is whole. */
  text(text: string): string {
    return text.replace(this.#pattern, shown);
  }

  /** Every text in a JSON value, names included. */
  value<T>(value: T): T {
    return this.#walk(value) as T;
  }

  /**
   * A text that goes on: what may be the beginning of a secret is held back, to be given again in
   * front of the next piece.
   */
  piece(text: string): {readonly clean: string; readonly held: string} {
    let end = 0;
    for (const match of text.matchAll(this.#pattern)) end = match.index + match[0].length;
    const heldAt = this.#beginning(text, end);
    return {clean: this.text(text.slice(0, heldAt)), held: text.slice(heldAt)};
  }

  /** Where the longest end of the text begins that a secret could go on from. */
  #beginning(text: string, from: number): number {
    const longest = this.#forms[0]?.length ?? 0;
    for (let at = Math.max(from, text.length - longest + 1); at < text.length; ++at) {
      const rest = text.slice(at);
      if (this.#forms.some((form) => form.length > rest.length && form.startsWith(rest))) return at;
    }
    return text.length;
  }

  #walk(value: unknown): unknown {
    if (typeof value === "string") return this.text(value);
    if (Array.isArray(value)) return value.map((item) => this.#walk(item));
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value).map(([name, item]) => [
      this.text(name),
      this.#walk(item),
    ]);
    return Object.fromEntries(entries) as unknown;
  }
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
