import {readFileSync} from "node:fs";

/** A cell and how it fails; one without `ename` is there for those after it. */
export interface FailingCell {
  readonly name: string;
  readonly source: string;
  readonly ename?: string;
  /** The line of the cell that the failure is blamed on. */
  readonly line?: number;
  /** Fails by itself after the cell has begun: a timer, a promise. */
  readonly late?: boolean;
}

const text = readFileSync(new URL("../fixtures/failing-cells.txt", import.meta.url), "utf8");

/** `=== name | ename, line N, late` or `=== file path`, then lines; ␍ is a carriage return. */
const blocks = text
  .split(/^=== /m)
  .slice(1)
  .map((block) => {
    const end = block.indexOf("\n");
    const [head = "", outcome] = block.slice(0, end).split(" | ");
    return {head, outcome, body: block.slice(end + 1, -1).replaceAll("␍", "\r")};
  });

/** Files beside the notebook, by path. */
export const files: Readonly<Record<string, string>> = Object.fromEntries(
  blocks
    .filter(({head}) => head.startsWith("file "))
    .map(({head, body}) => [head.slice("file ".length), `${body}\n`]),
);

/** Cells that fail, each in its own way; all run in one kernel, in this order. */
export const corpus: readonly FailingCell[] = blocks
  .filter(({head}) => !head.startsWith("file "))
  .map(({head: name, outcome, body: source}) => {
    const [, ename, line, late] = /^(\w+), line (\d+)(, late)?$/.exec(outcome ?? "") ?? [];
    if (ename === undefined) return {name, source};
    return {name, source, ename, line: Number(line), late: late !== undefined};
  });
