/** A fenced block of a Markdown text. */
export interface Block {
  readonly language: string;
  /** The other words after the fence, for example `no-test`. */
  readonly flags: readonly string[];
  readonly code: string;
  /** The 1-based line of the fence. */
  readonly line: number;
}

/** The fenced blocks of a Markdown text, in order. */
export function parseBlocks(markdown: string): Block[] {
  const blocks: Block[] = [];
  let open: {words: string[]; fence: string; line: number; code: string[]} | undefined;
  markdown.split("\n").forEach((text, i) => {
    const fence = /^(`{3,})\s*(.*)$/.exec(text);
    if (!open && fence) {
      const [, marks = "", info = ""] = fence;
      open = {words: info.trim().split(/\s+/), fence: marks, line: i + 1, code: []};
    } else if (open && text.trim() === open.fence) {
      const [language = "", ...flags] = open.words;
      blocks.push({language, flags, code: `${open.code.join("\n")}\n`, line: open.line});
      open = undefined;
    } else {
      open?.code.push(text);
    }
  });
  if (open) {
    throw new Error(`line ${open.line}: the block is never closed`);
  }
  return blocks;
}

/**
 * The lines that a ts block says it prints.
 *
 * Every `console.log` ends with a comment that shows its output; comment lines right below it are
 * the next lines of that output.
 */
export function shownOutput(code: string): string[] {
  const shown: string[] = [];
  let isShowing = false;
  for (const line of code.split("\n")) {
    const [, before = "", comment] = /^(.*?)\s*\/\/ (.*)$/.exec(line) ?? [line, line];
    const ends = /console\.log\(.*\);?$/.test(before.trim()) || /^\}?\)+;$/.test(before.trim());
    isShowing = comment !== undefined && (ends || (isShowing && before.trim() === ""));
    if (isShowing && comment !== undefined) {
      shown.push(comment.trimEnd());
    }
  }
  return shown;
}
