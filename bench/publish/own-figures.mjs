import {availableParallelism} from "node:os";
import {fileURLToPath} from "node:url";
import {printLines, sampleNotebooks, writeSample} from "./sample-notebooks.mjs";
import {median} from "./side-by-side.mjs";
import {formatMs} from "./text.mjs";
import {runTimed} from "./timed-process.mjs";

const scriptOf = (name) => fileURLToPath(new URL(name, import.meta.url));

/**
 * Reckon's goals, each as {name, asked, found, isMet, wrong}: against the bare client, which is
 * measured here, and against nbclient + nbconvert, whose times stand in `rows`.
 */
export async function ownFigures({rows, scratch, repeat, isQuick}) {
  const [oneCell, hundredCells] = sampleNotebooks.map((sample) => writeSample(scratch, sample));
  const bare = {one: [], hundred: []};
  const warm = {one: [], hundredCellMs: []};
  for (let turn = 0; turn < repeat; ++turn) {
    bare.one.push(await runJson("bare-client.mjs", [oneCell]));
    bare.hundred.push(await runJson("bare-client.mjs", [hundredCells]));
    const measured = await runJson("warm.mjs", [oneCell, hundredCells, scratch]);
    warm.one.push(...measured.oneCellMs);
    warm.hundredCellMs.push(...measured.cellMs);
  }
  const cold = {bare: median(bare.one.map(({ms}) => ms)), ours: timeOf(rows, "1 cell", "reckon")};
  const many = {
    bare: median(bare.hundred.map(({ms}) => ms)),
    ours: timeOf(rows, "100 cells", "reckon"),
  };
  const cellMs = {
    bare: median(bare.hundred.flatMap((run) => run.cellMs)),
    ours: median(warm.hundredCellMs),
  };
  const warmMs = median(warm.one);
  return [
    atMost("1 cell, cold: Reckon less the bare client", 300, cold.ours - cold.bare),
    ratio("100 cells: Reckon / bare client", {most: 1.1}, many.ours / many.bare),
    atMost("1 cell on a warm kernel, to the page", 150, warmMs),
    atMost("own cost of a cell, p50", 2, cellMs.ours - cellMs.bare),
    ...againstPeer(rows, warmMs),
    ...(isQuick ? [] : [await millionLines(scratch), await fiftyRuns(scratch, oneCell)]),
  ];
}

function againstPeer(rows, warmMs) {
  const peer = (notebook) => timeOf(rows, notebook, "nbclient");
  const ours = (notebook) => timeOf(rows, notebook, "reckon");
  return [
    ratio(
      "100 cells: nbclient + nbconvert / Reckon",
      {least: 1.4},
      peer("100 cells") / ours("100 cells"),
    ),
    ratio(
      "1 cell, cold: nbclient + nbconvert / Reckon",
      {least: 2},
      peer("1 cell") / ours("1 cell"),
    ),
    ratio("1 cell: nbclient + nbconvert / Reckon, warm", {least: 10}, peer("1 cell") / warmMs),
  ];
}

async function millionLines(scratch) {
  const count = 1_000_000;
  const path = writeSample(scratch, {stem: "million", cells: [printLines(count)]});
  const {cellMs, linesLost} = await runJson("million-lines.mjs", [path, String(count)]);
  const goal = atMost("a million lines in one cell, to the notebook", 3_000, cellMs);
  return linesLost === 0 ? goal : {...goal, wrong: `${linesLost} lines lost`};
}

/** Against as many bare clients at once as there are cores, together doing the same fifty runs. */
async function fiftyRuns(scratch, notebook) {
  const threads = String(availableParallelism());
  const ideal = await runJson("bare-runs.mjs", [notebook, "50", threads]);
  const {ms} = await runJson("fifty-runs.mjs", [notebook, "50", threads, scratch]);
  return ratio("50 runs: what the kernels could do / Reckon", {least: 0.9}, ideal.ms / ms);
}

function timeOf(rows, notebook, contestant) {
  return rows.find((row) => row.notebook === notebook && row.contestant.startsWith(contestant))?.ms;
}

function atMost(name, limitMs, ms) {
  return {
    name,
    asked: `<= ${formatMs(limitMs)}`,
    found: formatMs(ms),
    ...verdict(ms, ms <= limitMs),
  };
}

function ratio(name, {most = Infinity, least = 0}, value) {
  const asked = least > 0 ? `>= ${least}` : `<= ${most}`;
  const found = Number.isFinite(value) ? value.toFixed(2) : "-";
  return {name, asked, found, ...verdict(value, value <= most && value >= least)};
}

function verdict(value, isMet) {
  return Number.isFinite(value) ? {isMet} : {};
}

/** What a script of this folder prints as JSON on its last line. */
async function runJson(name, args) {
  const {exitCode, stderr, stdout} = await runTimed({
    file: process.execPath,
    args: [scriptOf(name), ...args],
  });
  if (exitCode !== 0) {
    throw new Error(`${name}: expected exit 0, found ${exitCode}\n${stderr}`);
  }
  return JSON.parse(stdout.trim().split("\n").at(-1));
}
