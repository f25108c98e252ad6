import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, expect, it} from "vitest";
import type {Kernel} from "../../../publish/kernel/kernel.js";
import type {PublishResult} from "../../../publish/result/publish-request.js";
import {foreseeObserver, publishObserver} from "../../../src/flows/observe/publish-observer.js";
import type {ReconciliationRequest} from "../../../src/flows/reconcile/request.js";
import {
  foreseePage,
  runReconciliationNotebooks,
} from "../../../src/flows/reconcile/steps/run-notebook.js";
import type {SharedPublishing} from "../../../src/flows/shared-publishing.js";
import {reconciliationFolders} from "../../../src/reconcile/discovery/reconciliation-layout.js";
import {runSample, SAMPLE_END, SAMPLE_START} from "../../system/sample-run.js";

const dir = mkdtempSync(join(tmpdir(), "reckon-foreseen-"));
afterAll(() => {
  rmSync(dir, {recursive: true, force: true});
});

/** A kernel in which every cell does nothing, and what it was asked to run. */
function idleKernel() {
  const ran: {name: string | undefined; source: string}[] = [];
  const kernel: Kernel = {
    pid: 1,
    startMs: 1,
    versions: {},
    ended: Promise.resolve("exit 0"),
    execute: async (source, {name}) => {
      ran.push({name, source});
      return {status: "ok", executionCount: ran.length, outputComplete: true, error: null};
    },
    facts: async () => null,
    hear: () => {},
    rawTail: () => "",
    shutdown: async () => {},
  };
  return {kernel, ran};
}

/** Publishes with an idle kernel: what began, and what the kernel was asked for. */
async function publishIdle(publish: (shared: SharedPublishing) => Promise<PublishResult>) {
  const {kernel, ran} = idleKernel();
  const begun: string[] = [];
  const {status} = await publish({
    kernels: (_options, use) => {
      begun.push("kernel");
      return use(kernel);
    },
    painter: {
      paint: () => Promise.reject(new Error("no figure is shown")),
      warm: () => void begun.push("browser"),
    },
  });
  expect(status).toBe("ok");
  return {begun, ran};
}

it("foresees what the page's kernel is asked for, and starts the browser first", async () => {
  const request = {
    model: "C1",
    runMode: "paper_trading",
    scheduleMode: "scheduled",
    start: SAMPLE_START,
    end: SAMPLE_END,
    dstRootDir: join(dir, "dst"),
    setConfigValues: "portfolio_config.broker_config.fee_bps=0.5",
  } as unknown as ReconciliationRequest;
  const {prodRun, simRun} = reconciliationFolders(request.dstRootDir, request);
  await runSample(prodRun, {runMode: "paper_trading"});
  await runSample(simRun);
  const page = await publishIdle(async (shared) => {
    const pages = await runReconciliationNotebooks(request, {isLast24Hours: false, shared});
    return pages[0] as PublishResult;
  });
  const foreseen = await foreseePage("fast", request);
  expect(foreseen.modules).toEqual(["reckon"]);
  expect(foreseen.cells[1]?.source).toContain("fee_bps=0.5");
  expect(page).toEqual({begun: ["browser", "kernel"], ran: foreseen.cells});

  const watched = {runDir: prodRun, model: "C1", runMode: "paper_trading", now: SAMPLE_END};
  const observing = {...watched, dstDir: join(dir, "observed"), savesPlots: false};
  const observed = await publishIdle(async (shared) => {
    return (await publishObserver(observing, shared)).page;
  });
  const {cells} = await foreseeObserver(observing);
  expect(cells[1]?.source).toContain(prodRun);
  expect(observed).toEqual({begun: ["browser", "kernel"], ran: cells});
}, 60_000);
