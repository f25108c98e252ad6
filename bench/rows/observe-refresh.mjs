import {join} from "node:path";
import {simulatedDay} from "../simulated-day.mjs";

const REFRESHES = 3;
/** Long enough for the next kernel to get ready; a desk waits five minutes. */
const EVERY_MS = 25_000;

/** The observer's page and picture of a run of 24 hours x 16 symbols, in warm kernels. */
export const row = {
  name: "refresh the PnL observer of a day, warm",
  target: "<= 3 s",
  limitMs: 3_000,
  repeat: 1,
  async prepare(scratch) {
    const {run, day} = await simulatedDay(scratch);
    const runDir = join(scratch, "paper");
    await run("paper_trading", runDir);
    const {followRun} = await import("../../dist/src/flows/observe/follow-run.js");
    const {systemClock} = await import("../../dist/src/time/system-clock.js");
    const stop = new AbortController();
    const took = [];
    let begun = 0;
    const find = () => {
      begun = performance.now();
      return {runDir, model: "C1", runMode: "paper_trading", now: day.end, savesPlots: true};
    };
    const statuses = [];
    const following = {
      clock: systemClock,
      everyMs: EVERY_MS,
      keep: 1,
      signal: stop.signal,
      find,
      onFault: (error) => statuses.push(String(error)),
      onRefreshed: ({page}) => {
        took.push(performance.now() - begun);
        statuses.push(page.status);
        if (statuses.length === REFRESHES) {
          stop.abort();
        }
      },
    };
    return {follow: () => followRun(following), took, statuses};
  },
  run: ({follow}) => follow(),
  /** The median of the refreshes after the first, which nothing was warm for. */
  part: (_ms, {took}) => took.slice(1).sort((a, b) => a - b)[(took.length - 1) >> 1],
  note: (_ms, {took}) => `the first ${(took[0] / 1_000).toFixed(1)} s`,
  check: (_answer, {statuses}) =>
    statuses.every((status) => status === "ok") ? undefined : statuses.join(", "),
};
