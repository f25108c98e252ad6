import {randomUUID} from "node:crypto";
import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, describe, expect, it} from "vitest";
import {formatNotebook} from "../../publish/notebook/file/write-notebook.js";
import {runNotebook} from "../../publish/notebook/run-notebook.js";
import {exitCodeOf, type RunEvent} from "../../publish/notebook/run-outcome.js";
import {monotonicMs, sleep} from "../../publish/timers.js";
import {notebookOf} from "../publish/notebook/code-notebook.js";
import {type KernelFault, kernelFaults} from "./kernel-faults.js";
import {type KilledRunner, killedRunners} from "./killed-runners.js";
import {markedProcesses, markName} from "./marked-processes.js";
import {counts, randomOf, seed} from "./seeded.js";

/** What a fault may take beyond its own limit. */
const graceMs = 2_000;

const folder = mkdtempSync(join(tmpdir(), "reckon-faults-"));
afterAll(() => rmSync(folder, {recursive: true, force: true}));

const random = randomOf(seed);
const kinds = [...kernelFaults, ...killedRunners];
/** Every kind in turn, in an order that is drawn anew each time round. */
const drawn = Array.from({length: Math.ceil(counts.kernels / kinds.length)}, () =>
  kinds.map((kind) => ({kind, order: random()})).sort((a, b) => a.order - b.order),
)
  .flat()
  .slice(0, counts.kernels)
  .map(({kind}, i) => ({title: `${i + 1}: ${kind.name}`, kind, chance: random()}));

describe(`faults of kernels, --seed ${seed}`, () => {
  it.each(drawn)("$title", async ({kind, chance}) => {
    const mark = randomUUID();
    await ("cells" in kind ? tryFault(kind, mark) : tryKill(kind, {mark, chance}));
    // What was killed with its group may take a moment to be gone.
    const deadlineMs = monotonicMs() + graceMs;
    while (markedProcesses(mark).length > 0 && monotonicMs() < deadlineMs) await sleep(20);
    expect(markedProcesses(mark)).toEqual([]);
  });
});

async function tryFault({cells, limitMs, options, status}: KernelFault, mark: string) {
  const notebookPath = join(folder, `${mark}.ipynb`);
  writeFileSync(notebookPath, formatNotebook(notebookOf(...cells)));
  let startedMs = Number.NaN;
  const onEvent = ({type}: RunEvent) => {
    if (type === "kernel-started") startedMs = monotonicMs();
  };
  const env = {...options?.env, [markName]: mark};
  const outcome = await runNotebook({notebookPath, ...options, env, onEvent});
  const {status: found, exitCode, failure} = outcome;
  expect({found, exitCode}, failure?.message).toEqual({
    found: status,
    exitCode: exitCodeOf[status],
  });
  expect(monotonicMs() - startedMs).toBeLessThan(limitMs + graceMs);
}

/** Kills a process that runs notebooks at a moment of its life; its kernels must go with it. */
async function tryKill(
  {start, lifeMs}: KilledRunner,
  {mark, chance}: {mark: string; chance: number},
) {
  const runner = await start({folder, mark});
  await sleep(chance * lifeMs);
  runner.kill("SIGKILL");
}
