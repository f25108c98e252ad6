import {spawn} from "node:child_process";
import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import process from "node:process";
import {fileURLToPath} from "node:url";
import {Ajv} from "ajv";
import {afterAll, describe, expect, it} from "vitest";
import type {CodeCell} from "../../publish/notebook/file/nbformat.js";
import {parseNotebook} from "../../publish/notebook/file/read-notebook.js";
import {formatNotebook} from "../../publish/notebook/file/write-notebook.js";
import {sleep} from "../../publish/timers.js";
import {notebookOf} from "../publish/notebook/code-notebook.js";
import schema from "./nbformat-4.5.schema.json" with {type: "json"};
import {counts, randomOf, seed} from "./seeded.js";

const runner = fileURLToPath(new URL("saving-runner.mjs", import.meta.url));
const isValid = new Ajv({strict: false}).compile(schema);
const folder = mkdtempSync(join(tmpdir(), "reckon-save-kills-"));
afterAll(() => rmSync(folder, {recursive: true, force: true}));

const longestLifeMs = 1_200;
const cellsInARow = Array.from({length: 300}, (_, i) => `const cell${i} = ${i};`);
const perTest = 20;
const batches = Array.from({length: counts.saves / perTest}, (_, i) => i * perTest);

describe(`a notebook whose runner is killed, --seed ${seed}`, () => {
  it.each(batches)(`is whole at each of ${perTest} moments, from kill %i on`, async (first) => {
    const kept: number[] = [];
    for (let i = first; i < first + perTest; ++i) {
      kept.push(await killOnce(`${seed}-${i}`, randomOf(seed + i)));
    }
    expect(Math.max(...kept)).toBeGreaterThan(0);
  });
});

/** How many cells, or pieces of the only one, the file holds that the killed runner leaves. */
async function killOnce(name: string, random: () => number): Promise<number> {
  const notebookPath = join(folder, `${name}.ipynb`);
  const savePath = join(folder, `${name}.saved.ipynb`);
  const progress = join(folder, `${name}.progress`);
  const isOneCell = random() < 0.5;
  const sources = isOneCell ? ["for ever"] : cellsInARow;
  writeFileSync(notebookPath, formatNotebook(notebookOf(...sources)));
  const args = [runner, notebookPath, savePath, progress, String(Math.floor(random() * 2 ** 31))];
  const child = spawn(process.execPath, args, {stdio: ["ignore", "ignore", "inherit"]});
  const ended = new Promise((resolve) => child.once("exit", resolve));
  while (!existsSync(savePath) && child.exitCode === null) await sleep(1);
  expect(child.exitCode, "it runs until it is killed").toBeNull();
  await sleep(random() ** 2 * longestLifeMs);
  child.kill("SIGKILL");
  await ended;
  const text = readFileSync(savePath, "utf8");
  const notebook = parseNotebook(text, savePath);
  expect(isValid(JSON.parse(text)), JSON.stringify(isValid.errors)).toBe(true);
  const cells = notebook.cells as CodeCell[];
  const kept = isOneCell ? piecesOf(cells) : endedOf(cells);
  const saved = existsSync(progress) ? readFileSync(progress, "utf8").trim().split("\n") : [];
  expect(kept, `${name}: of ${saved.length} saves`).toBeGreaterThanOrEqual(
    Number(saved.at(-1) ?? 0),
  );
  for (const leftover of readdirSync(folder)) rmSync(join(folder, leftover));
  return kept;
}

/** How many cells have ended; each holds all that it put out. */
function endedOf(cells: readonly CodeCell[]): number {
  const ended = cells.filter((cell) => cell.execution_count !== null);
  for (const [number, {outputs}] of ended.entries()) {
    expect(outputs.at(-1)).toMatchObject({name: "stderr", text: `end of ${number}\n`});
    expect(outputs).toMatchObject([{name: "stdout"}, {output_type: "display_data"}, {}]);
  }
  return ended.length;
}

/** How many pieces the one cell holds; none is missing in between. */
function piecesOf([cell]: readonly CodeCell[]): number {
  const lines = (cell?.outputs ?? []).flatMap((output) =>
    output.output_type === "stream" ? output.text.split("\n").slice(0, -1) : [],
  );
  expect(lines).toEqual(lines.map((_, i) => `piece ${i}`));
  return lines.length;
}
