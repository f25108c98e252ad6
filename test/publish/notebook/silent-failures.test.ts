import {beforeAll, describe, expect, it} from "vitest";
import type {RunOutcome} from "../../../publish/notebook/run-outcome.js";
import {renderPage} from "../../../publish/render/page.js";
import {runCellsAgain, type Source} from "./code-notebook.js";

/** Cells of which a kernel by itself says that all went well; with the error that they hide. */
const cells: readonly (readonly [name: string, source: Source, evalue: string])[] = [
  ["a rejection that nobody awaits", "void Promise.reject(new Error('r1')); 1", "r1"],
  [
    "one after its cell ended",
    "void (async () => { await null; throw new Error('r2'); })(); 1",
    "r2",
  ],
  ["one that is no error", "void Promise.reject('r3'); 1", "'r3'"],
  ["a timer that throws", "setTimeout(() => { throw new Error('t1'); }); 1", "t1"],
  ["an immediate that throws", "setImmediate(() => { throw new Error('t2'); }); 1", "t2"],
  ["a microtask that throws", "queueMicrotask(() => { throw new Error('t3'); }); 1", "t3"],
  [
    "an event that nobody hears",
    "import {EventEmitter} from 'events';\n" +
      "setTimeout(() => new EventEmitter().emit('error', new Error('e1'))); 1",
    "e1",
  ],
  [
    "a module of a wrong type",
    "/** @module m */\nconst q: number = '';",
    "Type 'string' is not assignable to type 'number'.",
  ],
  [
    "a failure that was expected and did not come",
    {source: "1 + 1", tags: ["raises-exception"]},
    'the cell is tagged "raises-exception" but raised none',
  ],
];

const plotly = "application/vnd.plotly.v1+json";
const show = (type: string, data: string) =>
  `(await import("tslab")).display.raw(${JSON.stringify(type)}, ${data});`;

/** What a page cannot show. */
const shown: readonly (readonly [name: string, source: string, problem: RegExp])[] = [
  ["a type without a renderer", show("application/x-new", '"1"'), /application\/x-new/],
  [
    "a figure of NaN only",
    show(plotly, "JSON.stringify({data: [{y: [NaN, NaN]}], layout: {}})"),
    /a finite value to draw, found none/,
  ],
  ["a figure that is none", show(plotly, '"{}"'), /could not be read/],
  ["a picture that is not there", show("text/html", `'<img src="gone.png">'`), /gone\.png/],
];

describe("a failure that a kernel does not tell", () => {
  let outcome: RunOutcome;
  let problems: readonly string[];
  beforeAll(async () => {
    const sources = [...cells, ...shown].map(([, source]) => source);
    outcome = await runCellsAgain(sources, {keepGoing: true});
    const input = {name: "n", readPicture: () => undefined};
    problems = renderPage({notebook: outcome.notebook, ...input}).problems;
  });

  it.each(cells.map(([name, , evalue], i) => [name, evalue, i] as const))(
    "is one of its cell: %s",
    (_name, evalue, i) => {
      expect(outcome.cells[i]).toMatchObject({status: "failed", error: {evalue}});
    },
  );

  it.each(shown)("is a problem of the page: %s", (_name, _source, problem) => {
    expect(problems.filter((text) => problem.test(text))).toHaveLength(1);
  });

  it("is no other cell's", () => {
    const failed = outcome.cells.filter(({status}) => status === "failed");
    expect(outcome.status).toBe("cell-failed");
    expect(failed).toHaveLength(cells.length);
    expect(problems).toHaveLength(shown.length);
  });
});
