import {spawn} from "node:child_process";
import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import process from "node:process";
import {fileURLToPath} from "node:url";
import {Ajv} from "ajv";
import {afterAll, describe, expect, it} from "vitest";
import type {CodeCell} from "../../publish/notebook/nbformat.js";
import {parseNotebook} from "../../publish/notebook/read-notebook.js";
import {formatNotebook} from "../../publish/notebook/write-notebook.js";
import {nowMs, sleep} from "../../publish/timers.js";
import {notebookOf} from "../publish/notebook/code-notebook.js";
import schema from "./nbformat-4.5.schema.json" with {type: "json"};
import {counts, randomOf, seed} from "./seeded.js";

const runner = fileURLToPath(new URL("saving-runner.mjs", import.meta.url));
const isValid = new Ajv({strict: false}).compile(schema);
const folder = mkdtempSync(join(tmpdir(), "reckon-save-kills-"));
afterAll(() => rmSync(folder, {recursive: true, force: true}));

/** The longest that a cell's end may take to the disk while cells are quick and saves cheap. */
const mostLagMs = 1_000;
const longestLifeMs = 1_200;
const perTest = 20;
const batches = Array.from({length: counts.saves / perTest}, (_, i) => i * perTest);

describe(`a notebook whose runner is killed, --seed ${seed}`, () => {
  it.each(batches)(`is whole at each of ${perTest} moments, from kill %i on`, async (first) => {
    for (let i = first; i < first + perTest; ++i) {
      await killOnce(`${seed}-${i}`, randomOf(seed + i));
    }
  });
});

async function killOnce(name: string, random: () => number): Promise<void> {
  const notebookPath = join(folder, `${name}.ipynb`);
  const savePath = join(folder, `${name}.saved.ipynb`);
  const progress = join(folder, `${name}.progress`);
  const sources = Array.from({length: 300}, (_, i) => `const cell${i} = ${i};`);
  writeFileSync(notebookPath, formatNotebook(notebookOf(...sources)));
  const args = [runner, notebookPath, savePath, progress, String(Math.floor(random() * 2 ** 31))];
  const child = spawn(process.execPath, args, {stdio: "ignore"});
  const ended = new Promise((resolve) => child.once("exit", resolve));
  while (!existsSync(savePath)) await sleep(1);
  await sleep(random() ** 2 * longestLifeMs);
  const killedAt = nowMs();
  child.kill("SIGKILL");
  await ended;
  const text = readFileSync(savePath, "utf8");
  const notebook = parseNotebook(text, savePath);
  expect(isValid(JSON.parse(text)), JSON.stringify(isValid.errors)).toBe(true);
  const done = (notebook.cells as CodeCell[]).filter((cell) => cell.execution_count !== null);
  const ends = existsSync(progress) ? readFileSync(progress, "utf8").trim().split("\n") : [];
  const due = ends.filter((at) => Number(at) < killedAt - mostLagMs);
  expect(done.length, `${name}: ${ends.length} cells had ended`).toBeGreaterThanOrEqual(due.length);
  expect(done.map(isWhole)).toEqual(done.map(() => true));
  for (const leftover of readdirSync(folder)) rmSync(join(folder, leftover));
}

/** A cell that has ended holds all that it put out. */
function isWhole({outputs}: CodeCell, number: number): boolean {
  return JSON.stringify(outputs).includes(`end of ${number}\\n`);
}
