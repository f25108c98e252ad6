import {messageOf} from "../../errors.js";
import type {ModelDesk} from "./model-desk.js";

/** One thing that a model must do before a desk schedules it. */
export interface ModelCheck {
  /** Short and stable: `look-ahead`. */
  readonly id: string;
  /** What is true when it passes. */
  readonly title: string;
  /**
   * Tries it and says in a few words what was seen.
   *
   * @throws CheckFailure when it is not so
   */
  readonly run: (desk: ModelDesk) => Promise<string>;
}

/** What a check found instead, complete without a stack. */
export class CheckFailure extends Error {
  static {
    CheckFailure.prototype.name = "CheckFailure";
  }
}

/** A line of the checklist. */
export interface CheckResult {
  readonly id: string;
  readonly title: string;
  readonly passed: boolean;
  /** What was seen, or what went wrong. */
  readonly detail: string;
}

/**
 * Runs checks one after the other; an error of the model fails its check, not the list.
 *
 * @param onResult told after each check
 */
export async function runModelChecks(
  checks: readonly ModelCheck[],
  desk: ModelDesk,
  onResult: (result: CheckResult) => void = () => {},
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const {id, title, run} of checks) {
    const result = await attempt(run, desk);
    results.push({id, title, ...result});
    onResult({id, title, ...result});
  }
  return results;
}

async function attempt(
  run: ModelCheck["run"],
  desk: ModelDesk,
): Promise<Pick<CheckResult, "passed" | "detail">> {
  try {
    return {passed: true, detail: await run(desk)};
  } catch (error) {
    return {passed: false, detail: messageOf(error)};
  }
}
