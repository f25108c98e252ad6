import {mkdirSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {beforeAll, describe, expect, it} from "vitest";
import type {RunOutcome} from "../../../publish/notebook/run-outcome.js";
import {scratchFolder} from "../../scratch.js";
import {runCells, textOf} from "./code-notebook.js";

const imported = `interface Limit { readonly most: number }

export function failAbove(value: number, limit: Limit): number {
  if (value > limit.most) {
    throw new RangeError("too much");
  }
  return value;
}
`;

interface Case {
  readonly name: string;
  readonly source: string;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly traceback?: readonly string[];
}

const cases: readonly Case[] = [
  {
    name: "of an error from a file, below types and imports",
    source: `import {failAbove} from "./own/fail";
type A = {a: string};

try { failAbove(3, {most: 1}); } catch (error) { console.log((error as Error).stack); }`,
    stdout: `RangeError: too much
    at failAbove (own/fail.ts:5:11)
    at cell 1, line 4, column 16
`,
  },
  {
    name: "of a trace, and of an error with its cause",
    source: `interface Order { size: number }
function trade(order: Order) {
  console.trace("here");
  console.error(new Error("boom", {cause: new TypeError("inner")}));
}

trade({size: 1});`,
    stderr: `Trace: here
    at trade (cell 2, line 3, column 11)
    at cell 2, line 7, column 1
Error: boom
    at trade (cell 2, line 4, column 17)
    at cell 2, line 7, column 1 {
  [cause]: TypeError: inner
      at trade (cell 2, line 4, column 43)
      at cell 2, line 7, column 1
}
`,
  },
  {
    name: "after an await, and through a function of an earlier cell",
    source: `interface B { b: number }
await null;
async function late(b: B) { await null; console.log(new Error("late").stack); trade({size: 2}); }

await late({b: 1});`,
    stdout: `Error: late
    at late (cell 3, line 3, column 53)
    at async cell 3, line 5, column 1
`,
    stderr: `Trace: here
    at trade (cell 2, line 3, column 11)
    at late (cell 3, line 3, column 79)
    at async cell 3, line 5, column 1
Error: boom
    at trade (cell 2, line 4, column 17)
    at late (cell 3, line 3, column 79)
    at async cell 3, line 5, column 1 {
  [cause]: TypeError: inner
      at trade (cell 2, line 4, column 43)
      at late (cell 3, line 3, column 79)
      at async cell 3, line 5, column 1
}
`,
  },
  {
    name: "with the first line that Node gives it",
    source: `const first = (e: any) => console.log(e.stack.split(/\\n|\\. /)[0]);
class Own extends Error { override name = "Own"; }
first(new Own("kind"));
const renamed = new Error("old"); renamed.message = "new"; first(renamed);
try { Buffer.alloc("x" as any) } catch (e) { first(e) }
try { require("assert").equal(1, 2) } catch (e) { first(e) }
const plain: any = {name: "N", message: "m"}; Error.captureStackTrace(plain); first(plain);
const odd = new Error(); Object.defineProperty(odd, "name", {get() { throw 7; }});
try { first(odd) } catch (e) { console.log("threw", e) }`,
    stdout: `Own: kind
Error: new
TypeError [ERR_INVALID_ARG_TYPE]: The "size" argument must be of type number
AssertionError [ERR_ASSERTION]: 1 == 2
N: m
threw 7
`,
  },
  {
    name: "as the cell's own code makes it",
    source: `const known: any = Error.prepareStackTrace;
(Error as any).prepareStackTrace = (e: Error, sites: any[]) => [e.message, sites.length > 0];
console.log(new Error("structured").stack);
Error.prepareStackTrace = (e, sites) => "mine, " + known(e, sites);
console.log(new Error("wrapped").stack);
delete (Error as any).prepareStackTrace;
console.log(/^Error: gone\\n {4}at cell 5:\\d+:\\d+\\n/.test(new Error("gone").stack!));
Error.prepareStackTrace = known;
const given = new Error("by hand"); given.stack = "no stack"; console.log(given.stack);
console.log(Object.keys(Error).filter((key) => key !== "stackTraceLimit"));`,
    stdout: `[ 'structured', true ]
mine, Error: wrapped
    at cell 5, line 5, column 13
true
no stack
[ 'prepareStackTrace' ]
`,
  },
  {
    name: "of an error that then fails its cell",
    source: `type T = {t: 1};
process.chdir("own");

try {
  failAbove(2, {most: 1});
} catch (error) {
  console.log((error as Error).stack);
  throw error;
}`,
    stdout: `RangeError: too much
    at failAbove (own/fail.ts:5:11)
    at cell 6, line 5, column 3
`,
    traceback: [
      "RangeError: too much",
      "line 5:",
      "  3 | ",
      "  4 | try {",
      "> 5 |   failAbove(2, {most: 1});",
      "    |   ^",
      "    at failAbove (own/fail.ts:5:11)",
      "    at cell 6, line 5, column 3",
    ],
  },
];

describe("a stack that a cell prints", () => {
  let outcome: RunOutcome;
  beforeAll(async () => {
    const cwd = scratchFolder("stacks");
    mkdirSync(join(cwd, "node_modules/@types"), {recursive: true});
    mkdirSync(join(cwd, "own"));
    writeFileSync(join(cwd, "own/fail.ts"), imported);
    outcome = await runCells(
      cases.map(({source}) => source),
      {cwd, keepGoing: true},
    );
  }, 60_000);

  it.each(cases.map((one, i) => [one.name, one, i] as const))("%s", (_name, one, i) => {
    const {stderr = "", stdout = "", traceback} = one;
    expect(outcome.cells[i]?.error?.traceback).toEqual(traceback);
    expect(textOf(outcome, i)).toBe(stdout);
    expect(textOf(outcome, i, "stderr")).toBe(stderr);
  });
});
