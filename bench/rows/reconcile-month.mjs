import {manySymbols} from "../many-symbols.mjs";

const DAYS = 30;
const DAY_MS = 86_400_000;

/**
 * The page of a month of 16 instruments, from nothing: every day is read and compared anew, as
 * nothing was found before.
 */
export const row = {
  name: "reconcile multiday: 30 days x 16 symbols, compare each, page",
  target: "<= 30 s",
  limitMs: 30_000,
  repeat: 1,
  async prepare(scratch) {
    const {reconciliationFolders} = await import(
      "../../dist/src/reconcile/discovery/reconciliation-layout.js"
    );
    const {runMultidayNotebook} = await import(
      "../../dist/src/flows/reconcile/multiday/run-multiday.js"
    );
    const {run, end} = await manySymbols({symbols: 16, days: DAYS});
    const what = {model: "C1", runMode: "paper_trading", scheduleMode: "scheduled"};
    for (let i = DAYS; i > 0; i -= 1) {
      const day = {start: end - i * DAY_MS, end: end - (i - 1) * DAY_MS};
      const {prodRun, simRun} = reconciliationFolders(scratch, {...what, ...day}, "new");
      await run({...day, dir: prodRun, runMode: "paper_trading", files: "per-stream"});
      await run({...day, dir: simRun});
    }
    const period = {start: end - DAYS * DAY_MS, end, tag: "", tolerance: null};
    const config = {...what, ...period, dstRootDir: scratch};
    return {publish: () => runMultidayNotebook(config, {resampling: "D"})};
  },
  run: ({publish}) => publish(),
  check({status, problems, outcome}) {
    const {runs, agree} = outcome.results.verdict ?? {};
    const isRight = status === "ok" && runs === DAYS && agree === DAYS;
    return isRight ? undefined : `${problems.join("; ")} ${agree} of ${runs} days agree`;
  },
};
