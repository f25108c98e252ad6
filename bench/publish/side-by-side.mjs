import {mkdirSync, mkdtempSync, readFileSync, statSync} from "node:fs";
import {join} from "node:path";
import {networkRequests} from "./network-requests.mjs";
import {countLines, writeSample} from "./sample-notebooks.mjs";
import {runTimed} from "./timed-process.mjs";

/**
 * Runs one notebook through all contestants, in turn, `repeat` times: what else the machine does
 * strikes all alike; then once more each for the memory. A contestant that fails says so in its
 * row. Returns a row each: {contestant, notebook, ms, peakMb, pageKb, requests, linesLost, wrong}.
 */
export async function sideBySide(sample, {contestants, scratch, repeat, browser}) {
  const folder = mkdtempSync(join(scratch, `${sample.stem}-`));
  const notebook = writeSample(folder, sample);
  const times = contestants.map(() => []);
  for (let turn = 0; turn < repeat; ++turn) {
    for (const [i, contestant] of contestants.entries()) {
      times[i].push(await runOnce(contestant, {notebook, folder: join(folder, `${i}-${turn}`)}));
    }
  }
  const rows = [];
  for (const [i, contestant] of contestants.entries()) {
    const place = {notebook, folder: join(folder, `${i}-memory`)};
    const {peakMb} = await runOnce(contestant, place, {isSampled: true});
    const row = {contestant: contestant.name, notebook: sample.name, peakMb};
    const failed = times[i].find(({exitCode}) => exitCode !== 0);
    rows.push(
      failed === undefined
        ? {
            ...row,
            ms: median(times[i].map(({ms}) => ms)),
            ...(await judge(place, {contestant, sample, browser})),
          }
        : {...row, wrong: `exit ${failed.exitCode}: ${failed.stderr.match(/.*\w.*/g)?.at(-1)}`},
    );
  }
  return rows;
}

async function runOnce(contestant, {notebook, folder}, options) {
  mkdirSync(folder);
  return runTimed(contestant.command(filesOf({notebook, folder})), options);
}

function filesOf({notebook, folder}) {
  const [executed, page] = ["executed.ipynb", "page.html"].map((name) => join(folder, name));
  return {notebook, folder, executed, page};
}

/** Looks at what was made: a fast wrong answer is no answer. */
async function judge(place, {contestant, sample, browser}) {
  const {executed, page} = contestant.results(filesOf(place));
  const {lines, figures} = sample;
  const notebook = JSON.parse(readFileSync(executed, "utf8"));
  const shown = countFigures(notebook);
  return {
    pageKb: statSync(page).size / 1024,
    requests: browser && (await networkRequests(browser, page)),
    linesLost: lines - countLines(notebook),
    ...(shown !== figures && {wrong: `${shown} of ${figures} figures`}),
  };
}

function countFigures({cells}) {
  const outputs = cells.flatMap((cell) => cell.outputs ?? []);
  return outputs.filter(({data = {}}) => "application/vnd.plotly.v1+json" in data).length;
}

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
