import {join} from "node:path";
import {setTimeout as wait} from "node:timers/promises";
import {INJURED, recordInjuredDay} from "../injured-day.mjs";

/** Long enough for kernel and browser to get ready, as they do while `reconcile all` simulates. */
const READY_MS = 10_000;

/** The reconciliation-fast page of a day of 50 instruments, which loads and compares them too. */
export const row = {
  name: "load, compare and publish that day's page, kernel and browser ready before",
  target: "<= 5 s",
  limitMs: 5_000,
  repeat: 3,
  async prepare(scratch) {
    const {reconciliationFolders} = await import(
      "../../dist/src/reconcile/discovery/reconciliation-layout.js"
    );
    const {foreseePage, reconciliationKernels, runReconciliationNotebooks} = await import(
      "../../dist/src/flows/reconcile/steps/run-notebook.js"
    );
    const {withBrowserAhead} = await import("../../dist/src/flows/shared-publishing.js");
    const {foreseeing} = await import("../../dist/publish/kernel/pool/foreseeing.js");
    const {KernelPool} = await import("../../dist/publish/kernel/pool/kernel-pool.js");
    const what = {model: "C1", runMode: "paper_trading", scheduleMode: "scheduled"};
    const aside = join(scratch, "aside");
    const day = await recordInjuredDay({prodDir: join(aside, "prod"), simDir: join(aside, "sim")});
    const request = {...what, ...day, dstRootDir: join(scratch, "dst"), setConfigValues: ""};
    const folders = reconciliationFolders(request.dstRootDir, request, "new");
    const {cp} = await import("node:fs/promises");
    await cp(join(aside, "prod"), folders.prodRun, {recursive: true});
    await cp(join(aside, "sim"), folders.simRun, {recursive: true});
    const effects = foreseeing(() => foreseePage("fast", request));
    const pool = new KernelPool(reconciliationKernels(1), effects);
    const kernels = (wanted, use) => pool.use(wanted, use);
    let begin = () => {};
    const begun = new Promise((resolve) => {
      begin = resolve;
    });
    const published = withBrowserAhead({kernels}, async (shared) => {
      await begun;
      return (await runReconciliationNotebooks(request, {isLast24Hours: false, shared}))[0];
    });
    await wait(READY_MS);
    return {
      async publish() {
        try {
          begin();
          return await published;
        } finally {
          await pool.close();
        }
      },
    };
  },
  run: ({publish}) => publish(),
  check({status, problems, outcome}) {
    const {status: verdict, cause} = outcome.results.verdict ?? {};
    const isRight = status === "ok" && verdict === "differs";
    return isRight ? undefined : `${problems.join("; ")} ${verdict} ${cause} ${INJURED.instrument}`;
  },
};
