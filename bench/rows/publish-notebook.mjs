import {join} from "node:path";
import {simulatedDay} from "../simulated-day.mjs";

/** The heaviest notebook, reconciliation-fast, cold: kernel, figures, browser, page, marker. */
export const row = {
  name: "one notebook run and rendered, cold",
  target: "<= 8 s, 1 GB",
  limitMs: 8_000,
  limitMb: 1_024,
  repeat: 3,
  async prepare(scratch) {
    const {run, dataDir, day} = await simulatedDay(scratch);
    const {runReconciliationNotebooks} = await import(
      "../../dist/src/flows/reconcile/steps/run-notebook.js"
    );
    const {reconcileAll} = await import("../../dist/src/flows/reconcile/all.js");
    const {prodRunDir} = await import("../../dist/src/flows/reconcile/prod-run.js");
    const request = {
      ...day,
      model: "C1",
      runMode: "paper_trading",
      scheduleMode: "scheduled",
      dstRootDir: join(scratch, "reconciliation"),
      prodDataSourceDir: join(scratch, "runs"),
      dataDir,
      overrides: [],
      setConfigValues: "",
    };
    await run("paper_trading", prodRunDir(request));
    await reconcileAll(request, {allowUpdate: false});
    return {
      publish: async () => (await runReconciliationNotebooks(request, {isLast24Hours: false}))[0],
    };
  },
  run: ({publish}) => publish(),
  check({status, problems, outcome}) {
    const verdict = outcome.results.verdict?.status;
    return status === "ok" && verdict === "identical" ? undefined : problems.join("; ") || verdict;
  },
};
