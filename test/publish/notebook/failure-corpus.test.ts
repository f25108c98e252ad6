import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import type {CellResult, RunOutcome} from "../../../publish/notebook/run-outcome.js";
import {outputsOf, runCells} from "./code-notebook.js";
import {corpus, files} from "./failure-corpus.js";

describe("a cell that fails", () => {
  let cwd: string;
  let outcome: RunOutcome;
  const resultOf = (i: number) => outcome.cells[2 * i + 1] as CellResult;

  beforeAll(async () => {
    cwd = mkdtempSync(join(tmpdir(), "failures-"));
    mkdirSync(join(cwd, "node_modules/@types"), {recursive: true});
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(cwd, path)), {recursive: true});
      writeFileSync(join(cwd, path), text);
    }
    const cells = corpus.flatMap(({name, source}) => [`## ${name}`, source]);
    outcome = await runCells(cells, {cwd, keepGoing: true});
  }, 60_000);

  afterAll(() => rmSync(cwd, {recursive: true, force: true}));

  it.each(corpus.map((cell, i) => [cell.name, i] as const))("%s", (name, i) => {
    const {ename, late = false, line, source} = corpus[i];
    const {error, status, title} = resultOf(i);
    expect(title).toBe(name);
    if (ename === undefined) {
      expect({status, error}).toEqual({status: "ok", error: null});
      return;
    }
    expect({status, error}).toMatchObject({status: "failed", error: {ename, line, late}});
    const {traceback = []} = error ?? {};
    const wanted = source.split(/\r?\n/)[(line ?? 0) - 1];
    const place = traceback.filter((text) => text.startsWith("> ")).map((text) => text.slice(6));
    // Of an imported or earlier piece of code, the excerpt shows that piece.
    const isElsewhere = traceback.some((text) => /^line \d+ in cell|^own\//.test(text));
    if (!isElsewhere) expect(place[0]?.trimEnd()).toBe(wanted?.trimEnd());
    expect(place.length).toBeGreaterThan(0);
    expect(traceback.some((text) => /^ +\| *\^$/.test(text.replaceAll("\t", " ")))).toBe(true);
    const frames = traceback.filter((text) => text.startsWith("    at "));
    expect(frames.join("\n")).not.toMatch(/tslab|node:|evalmachine|\.cjs|Proxy/);
    expect(outputsOf(outcome, 2 * i + 1)).toContainEqual({
      output_type: "error",
      ename: error?.ename,
      evalue: error?.evalue,
      traceback,
    });
  });

  it("is named in the failure of the run", () => {
    expect(outcome.failure?.message).toBe(`cell 2 "${corpus[0]?.name}", line 3: Thrown: 'text'`);
  });

  it("of a file that is not there says where imports begin", () => {
    const at = corpus.findIndex(({name}) => name === "an import of no file");
    expect(resultOf(at).error?.evalue).toMatch(
      /^Cannot find module '.\/no-such-file': relative imports of cells begin in "failures-\w+"/,
    );
  });
});
