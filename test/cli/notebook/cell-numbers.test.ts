import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, expect, it} from "vitest";
import {formatNotebook} from "../../../publish/notebook/file/write-notebook.js";
import type {RunEvent} from "../../../publish/notebook/run-outcome.js";
import type {RunRecord} from "../../../publish/result/record/run-record-schema.js";
import {barReporter} from "../../../src/cli/notebook/progress.js";
import {code, notebookOf, text} from "../../publish/render/sample-notebook.js";
import {reckon} from "../command-line.js";

/** Each cell says in its source what it is called. */
const cells = [
  text("# cell 1"),
  code("/** cell 2 */\nconst days = 1;", [], ["parameters"]),
  text("cell 3"),
  code("'cell 4'", [], ["skip"]),
  {cell_type: "raw", id: "r", metadata: {}, source: "cell 5"} as const,
  code("console.log('cell 6', days);\nfunction fail() {\n  throw new Error('no');\n}"),
  code("// cell 7\nfail();", [], ["timeout=9s"]),
  code("'cell 8'", [], ["mine"]),
].map((cell, i) => ({...cell, id: `c${i}`}));
const given = "the given parameters";

const folder = mkdtempSync(join(tmpdir(), "cell-numbers-"));
const path = join(folder, "numbers.ipynb");
const result = join(folder, "out", "result_0");
const read = (ending: string) => {
  const name = readdirSync(result).find((file) => file.endsWith(ending)) as string;
  return readFileSync(join(result, name), "utf8");
};
const run = (...flags: string[]) => {
  const args = ["--dst-dir", join(folder, "out"), "--no-incremental", "-p", "days=2"];
  return reckon("notebook", "run", path, ...args, ...flags);
};
let followed = "";

beforeAll(async () => {
  writeFileSync(path, formatNotebook(notebookOf(...cells)));
  followed = (await run("--follow")).stdout;
  await run();
}, 60_000);

afterAll(() => rmSync(folder, {recursive: true, force: true}));

/** What each match of a pattern holds in its group. */
const all = (pattern: RegExp, inText: string) => [...inText.matchAll(pattern)].map(([, it]) => it);
const events = () =>
  read("events.jsonl")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as RunEvent);
/** What the bar of a terminal shows of these events, one state after the other. */
const bar = () => {
  let drawn = "";
  const write = (chunk: string | Uint8Array) => {
    drawn += String(chunk);
    return true;
  };
  const out = {isTTY: true, write};
  const reporter = barReporter({title: "numbers", runs: 1, threads: 1, out});
  for (const event of events()) reporter.onEvent(0, event);
  reporter.end();
  return drawn;
};
const record = () => JSON.parse(read("run.json")) as RunRecord;
const started = [`cell 2`, given, "cell 6", "cell 7"];

it.each<[place: string, found: () => unknown, wanted: unknown]>([
  [
    "progress bar",
    () => all(/% {2}((?:cell|the given).*): cell 1[\r\n]/g, bar()),
    ["cell 2 of 8", given, "cell 6 of 8", "cell 7 of 8"],
  ],
  ["--follow", () => all(/^── (.*): cell 1$/gm, followed), started],
  ["log", () => all(/ UTC (.*) started: cell 1$/gm, read(".0.log")), started],
  ["log of the failure", () => all(/ UTC failed: (.*) "cell 1"/g, read(".0.log")), ["cell 7"]],
  [
    "events",
    () =>
      events().flatMap((event) =>
        "name" in event && event.type === "cell-started" ? [[event.index, event.name]] : [],
      ),
    [
      [1, "cell 2"],
      [2, given],
      [6, "cell 6"],
      [7, "cell 7"],
    ],
  ],
  [
    "record",
    () => record().cells.map(({name, status}) => `${name} ${status}`),
    [
      "cell 1 not-code",
      "cell 2 ok",
      `${given} ok`,
      "cell 3 not-code",
      "cell 4 skipped",
      "cell 5 not-code",
      "cell 6 ok",
      "cell 7 failed",
      "cell 8 not-run",
    ],
  ],
  [
    "record of the failure",
    () => [record().failure?.cellIndex, record().failure?.message],
    [7, 'cell 7 "cell 1", line 2: Error: no'],
  ],
  [
    "frames",
    () => record().failure?.error?.traceback.filter((line) => / (at|in) /.test(line)),
    [
      "line 3 in cell 6:",
      "    at fail (cell 6, line 3, column 9)",
      "    at cell 7, line 2, column 1",
    ],
  ],
  [
    "page: labels",
    () => all(/<summary>Code of (.*?)[:<]/g, read(".html")).map((it) => it?.trim()),
    ["cell 2", given, "cell 4", "cell 6", "cell 7", "cell 8"],
  ],
  [
    "page: addresses",
    () => all(/<section class="cell[^>]* id="(.*?)"/g, read(".html")),
    ["cell-1", "cell-2", "the-given-parameters", "cell-3", "cell-4", "cell-6", "cell-7", "cell-8"],
  ],
  ["page: banner", () => all(/href="#cell-7">Go to (.*?)</g, read(".html")), ["cell 7"]],
])("%s", (_place, found, wanted) => {
  expect(found()).toEqual(wanted);
});

it("stands over the source that it names", () => {
  const shown = read(".html")
    .split(/<summary>Code of /)
    .slice(1);
  for (const text of shown.filter((one) => !one.startsWith(given))) {
    const [name = ""] = /^cell \d/.exec(text) ?? [];
    expect(text.replace(/<[^>]*>/g, "").slice(name.length)).toContain(name);
  }
});

it("is that of help, of check and of messages", async () => {
  const {stdout: help} = await reckon("notebook", "help", path);
  expect(all(/^ *(\d) +cell 1 +\S/gm, help)).toEqual(["2", "4", "7", "8"]);
  const executed = join(result, "numbers.0.ipynb");
  const {stdout: found} = await reckon("notebook", "check", executed);
  const outputs = /ipynb: ((?:cell|the).*?): expected no outputs/g;
  expect(all(outputs, found)).toEqual(["cell 2", given, "cell 6", "cell 7"]);
  const misspelt = cells.map((cell, i) => (i < 6 ? cell : {...cell, metadata: {tags: ["skp"]}}));
  writeFileSync(path, formatNotebook(notebookOf(...misspelt)));
  const {stderr} = await run();
  expect(all(/ipynb: (cell \d): expected a known tag/g, stderr)).toEqual(["cell 7", "cell 8"]);
});
