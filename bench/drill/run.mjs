// A day of live trading in 24 minutes, and its replay:
//
//     node bench/drill/run.mjs [--hours 24] [--speed 60]
//
// An exchange on loopback shows invented minute candles as they happen; `reckon market collect`
// writes them into PostgreSQL; `reckon run --run-mode paper_trading` trades C1 on them every five
// minutes; all three are processes of their own that live on one accelerated clock. On the way a
// connection breaks, a candle is corrected late, and one never comes. Afterwards the bars are
// dumped from the database, the run is replayed from the dump, and both are compared with
// tolerance 0; `reckon reconcile all` does the same once more.
//
//   --hours N      length of the run on its clock; 24 when left out
//   --speed N      how much faster its clock goes; 60 when left out
//   --assets N     instruments; 5 when left out
//   --dir DIR      where everything is written, made anew; ./reckon-drill when left out
//   --quiet-market no trouble on the way
//   --set PATH=VALUE  config override of both runs, may be repeated
//
// Needs `npm run build`, and the server that RECKON_DATABASE_URL names, on which it makes a
// database for itself and drops it in the end; where that is not set, .ci/with-postgres starts a
// server. The last line is the verdict: whether the replay is exact, and how long after its cut-off
// a bar was handled, in machine time. The exit code is 0 when it is exact, 1 when it is not.
import {mkdirSync, rmSync} from "node:fs";
import {join, resolve} from "node:path";
import process from "node:process";
import {parseArgs} from "node:util";
import {compareRuns, verdictOf} from "./compare.mjs";
import {planOf} from "./plan.mjs";
import {Processes} from "./processes.mjs";
import {withScratchDatabase} from "./scratch-database.mjs";
import {makeTrouble} from "./trouble.mjs";
import {withPostgres} from "./with-postgres.mjs";

const {RECKON_DATABASE_URL: server} = process.env;
const {values} = parseArgs({
  options: {
    hours: {type: "string", default: "24"},
    speed: {type: "string", default: "60"},
    assets: {type: "string", default: "5"},
    dir: {type: "string", default: "reckon-drill"},
    "quiet-market": {type: "boolean", default: false},
    set: {type: "string", multiple: true, default: []},
  },
});

process.exitCode =
  server === undefined
    ? await withPostgres(process.argv.slice(1))
    : await withScratchDatabase(server, drill);

async function drill(databaseUrl) {
  const dir = resolve(values.dir);
  rmSync(dir, {recursive: true, force: true});
  mkdirSync(dir, {recursive: true});
  const processes = new Processes(join(dir, "logs"));
  process.env.RECKON_DATABASE_URL = databaseUrl;
  // What waits for a process that has ended fails, and everything else is let go after it.
  const stop = () => void processes.stopAll();
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  try {
    const plan = planOf({
      dir,
      hours: Number(values.hours),
      speed: Number(values.speed),
      assets: Number(values.assets),
      overrides: values.set,
    });
    await liveDay(processes, plan);
    await replay(processes, plan);
    const found = await compareRuns(plan.liveDir, plan.replayDir);
    process.stdout.write(`${found.lines.join("\n")}\n`);
    const {isExact, text} = verdictOf(found, plan);
    process.stdout.write(`${text}\n`);
    return isExact ? 0 : 1;
  } catch (error) {
    process.stderr.write(`${error.message}\nlogs: ${join(dir, "logs")}\n`);
    return 1;
  } finally {
    await processes.stopAll();
  }
}

/** Exchange, collector and run, until the run is over. */
async function liveDay(processes, plan) {
  await processes.done("migrate", plan.migrate);
  const exchange = processes.start("exchange", plan.exchange);
  const {url, symbols} = JSON.parse(await exchange.line(/"url"/));
  const collector = processes.start("collector", plan.collect(url, symbols));
  const backfilled = plan.historyBars * symbols.length;
  await collector.line((line) => line.startsWith("{") && JSON.parse(line).bars >= backfilled);
  tell(`${backfilled} bars of history are stored; the run begins at ${plan.start}`);
  const run = processes.start("run", plan.run(symbols));
  const trouble = values["quiet-market"] ? undefined : makeTrouble(url, symbols, plan);
  try {
    const code = await run.end(plan.deadlineMs);
    if (code !== 0) {
      throw new Error(`the live run ended with exit code ${code}: ${run.lastLines()}`);
    }
  } finally {
    trouble?.stop();
  }
  tell("the live run is over");
  await collector.stop();
  await exchange.stop();
}

/** The same interval again, from the rows that the database holds. */
async function replay(processes, plan) {
  await processes.done("dump", plan.dump);
  await processes.done("replay", plan.replay);
  const said = await processes.done("reconcile", plan.reconcile);
  tell(`reckon reconcile all: ${said.trim().split("\n").at(-1)}`);
}

function tell(text) {
  process.stdout.write(`${text}\n`);
}
