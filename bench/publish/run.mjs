// `npm run bench:publish [-- --quick] [-- --json]`: the same notebooks through Reckon and through
// what people chain today, in turn, in one run; then Reckon's own figures beside a bare client of
// the same kernel. Every answer is checked: lines and figures that are not there are told.
import {mkdtempSync, rmSync} from "node:fs";
import {availableParallelism, tmpdir} from "node:os";
import {join} from "node:path";
import {withBrowser} from "../../dist/publish/render/picture/browser.js";
import {ownFigures} from "./own-figures.mjs";
import {pythonPeers} from "./python-peers.mjs";
import {reckon} from "./reckon.mjs";
import {sampleNotebooks} from "./sample-notebooks.mjs";
import {sideBySide} from "./side-by-side.mjs";
import {formatGoals, formatRows} from "./text.mjs";

const args = process.argv.slice(2);
const isQuick = args.includes("--quick");
const isJson = args.includes("--json");
const repeat = isQuick ? 1 : 5;

const scratch = mkdtempSync(join(tmpdir(), "reckon-bench-publish-"));
try {
  const {peers, missing} = pythonPeers(scratch);
  if (missing !== undefined) say(`nbclient and papermill are left out: ${missing}`);
  const contestants = [reckon, ...peers];
  const rows = await withBrowser(async (browser) => {
    const all = [];
    for (const sample of sampleNotebooks) {
      say(sample.name);
      all.push(...(await sideBySide(sample, {contestants, scratch, repeat, browser})));
    }
    return all;
  });
  say("warm kernels, cost of a cell, a million lines, fifty runs");
  const goals = await ownFigures({rows, scratch, repeat, isQuick});
  const machine = {node: process.version, cores: availableParallelism(), repeat};
  if (isJson) {
    console.log(JSON.stringify({...machine, peersLeftOut: missing ?? null, rows, goals}, null, 2));
  } else {
    console.log(`Node ${machine.node}, ${machine.cores} cores, median of ${repeat}, in turn\n`);
    console.log(`${formatRows(rows)}\n\n${formatGoals(goals)}`);
    if (missing !== undefined) console.log(`\nWithout nbclient and papermill: ${missing}`);
  }
  process.exitCode = [...rows, ...goals].some(({wrong}) => wrong !== undefined) ? 1 : 0;
} finally {
  rmSync(scratch, {recursive: true, force: true});
}

function say(text) {
  process.stderr.write(`bench: ${text}\n`);
}
