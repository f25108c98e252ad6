import {join} from "node:path";
import {simulatedDay} from "../simulated-day.mjs";

/** The PnL observer of a day, cold: kernel, figures, browser, page, marker. */
export const row = {
  name: "one notebook run and rendered, cold",
  target: "<= 8 s, 1 GB",
  limitMs: 8_000,
  limitMb: 1_024,
  repeat: 3,
  async prepare(scratch) {
    const {run} = await simulatedDay(scratch);
    const {dir} = await run("paper_trading", join(scratch, "paper"));
    const {publishNotebook} = await import("../../dist/publish/publish-notebook.js");
    const {notebookPath} = await import("../../dist/src/flows/reconcile-run-notebook.js");
    const request = {
      notebookPath: notebookPath("pnl-observer"),
      dstDir: join(scratch, "page"),
      parameters: {runDir: dir},
    };
    return {publish: () => publishNotebook(request)};
  },
  run: ({publish}) => publish(),
  check: ({status, problems}) => (status === "ok" ? undefined : problems.join("; ")),
};
