import {join} from "node:path";
import {setTimeout as wait} from "node:timers/promises";
import {INJURED, recordInjuredDay} from "../injured-day.mjs";

/** Long enough for a kernel to start, as it does while `reconcile all` simulates. */
const KERNEL_MS = 8_000;

/** The reconciliation-fast page of a day of 50 instruments, which loads and compares them too. */
export const row = {
  name: "load, compare and publish that day's page, its kernel started before",
  target: "<= 5 s",
  limitMs: 5_000,
  repeat: 3,
  async prepare(scratch) {
    const {reconciliationFolders} = await import(
      "../../dist/src/reconcile/discovery/reconciliation-layout.js"
    );
    const {reconciliationKernels, runReconciliationNotebooks} = await import(
      "../../dist/src/flows/reconcile/steps/run-notebook.js"
    );
    const {KernelPool} = await import("../../dist/publish/kernel/pool/kernel-pool.js");
    const what = {model: "C1", runMode: "paper_trading", scheduleMode: "scheduled"};
    const aside = join(scratch, "aside");
    const day = await recordInjuredDay({prodDir: join(aside, "prod"), simDir: join(aside, "sim")});
    const request = {...what, ...day, dstRootDir: join(scratch, "dst"), setConfigValues: ""};
    const folders = reconciliationFolders(request.dstRootDir, request, "new");
    const {cp} = await import("node:fs/promises");
    await cp(join(aside, "prod"), folders.prodRun, {recursive: true});
    await cp(join(aside, "sim"), folders.simRun, {recursive: true});
    const pool = new KernelPool(reconciliationKernels(1));
    await wait(KERNEL_MS);
    const kernels = (wanted, use) => pool.use(wanted, use);
    return {
      async publish() {
        try {
          const publishing = {isLast24Hours: false, shared: {kernels}};
          return (await runReconciliationNotebooks(request, publishing))[0];
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
