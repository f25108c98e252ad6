import {relative} from "node:path";
import {BaseSequencer, type TestSpecification} from "vitest/node";

/** Files that take long, the longest first; waits for other processes count. */
const LONG = [
  "test/flows/observe/observe.test.ts",
  "test/flows/demo.test.ts",
  "test/cli/notebook/run.test.ts",
  "test/notebooks/headless.test.ts",
  "test/publish/notebook/run-notebook.test.ts",
  "test/publish/notebook/raw-output.test.ts",
  "test/publish/kernel/with-kernel.test.ts",
  "test/cli/notebook/overlapping-runs.test.ts",
  "test/cli/market/collect.test.ts",
  "test/cli/model/check.test.ts",
  "test/system/causality.test.ts",
  "test/market/simulated/simulated-market.test.ts",
  "test/cli/investor/plots.test.ts",
  "test/set-up.test.ts",
  "test/tidy.test.ts",
  "test/public-types.test.ts",
  "test/docs/walk.test.ts",
  "test/reconcile/unreadable-records.test.ts",
  "test/store/open/open-store.test.ts",
  "test/flows/model-check/checks.test.ts",
  "test/flows/reconcile/step-flags.test.ts",
  "test/flows/reconcile/wrong-use.test.ts",
  "test/flows/reconcile/market-flags.test.ts",
  "test/flows/reconcile/run-dir.test.ts",
  "test/flows/reconcile/multiday.test.ts",
  "test/flows/reconcile/reconcile.test.ts",
  "test/publish/render/accessible-page.test.ts",
  "test/publish/render/page-size.test.ts",
  "test/publish/result/publish-notebook.test.ts",
  "test/publish/render/page-in-browser.test.ts",
  "test/publish/render/picture/figure-painter.test.ts",
  "test/market/exchange/collect/collect-bars.test.ts",
  "test/cli/model/new.test.ts",
  "test/cli/site/site.test.ts",
  "test/compat/jupyter.test.ts",
];

/** Begins with what takes longest, so that no worker is left alone with it at the end. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({moduleId, project}: TestSpecification) => {
      const at = LONG.indexOf(relative(project.config.root, moduleId).replaceAll("\\", "/"));
      return at < 0 ? LONG.length : at;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
