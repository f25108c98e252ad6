import {recordedConfig} from "../../backtest/research-portfolio.js";
import {ReckonError} from "../../errors.js";
import type {RunFolder} from "../../runlog/reading/run-folder.js";

/**
 * Refuses a stage that is not the recorded run's own: its account and its limits are another's. A
 * run of the reference system does not record one.
 *
 * @throws ReckonError `misuse`
 */
export function checkStage(run: RunFolder, stage: string | undefined): void {
  if (stage === undefined || run.layout !== "reckon") {
    return;
  }
  const {stage: recorded} = recordedConfig(run).portfolio_config.broker_config;
  if (recorded !== stage) {
    throw new ReckonError("misuse", {
      place: "--stage",
      expected: `${recorded}, the stage that ${run.dir} was recorded with`,
      found: JSON.stringify(stage),
      fix: "give that one, or leave the flag out",
    });
  }
}
