import {messageOf} from "../../errors.js";
import type {ModelDesk} from "./model-desk.js";
import {whereThrown} from "./where-thrown.js";

/** One thing that a model must do before a desk schedules it. */
export interface ModelCheck {
  /** Short and stable: `look-ahead`. */
  readonly id: string;
  /** What is true when it passes. */
  readonly title: string;
  /** What to do where it fails; `MODEL` stands for the model's id. */
  readonly fix: string;
  /** The check, by its id, without which this one says nothing. */
  readonly after?: string;
  /**
   * Tries it and says in a few words what was seen.
   *
   * @throws CheckFailure when it is not so, CheckLeftOut when it cannot be tried
   */
  readonly run: (desk: ModelDesk) => Promise<string>;
}

/** What a check found instead, complete without a stack. */
export class CheckFailure extends Error {
  static {
    CheckFailure.prototype.name = "CheckFailure";
  }
}

/** Why a check was not tried. */
export class CheckLeftOut extends Error {
  static {
    CheckLeftOut.prototype.name = "CheckLeftOut";
  }
}

/** A line of the checklist. */
export interface CheckResult {
  readonly id: string;
  readonly title: string;
  /** `left-out`: not tried, which is neither good nor bad. */
  readonly status: "pass" | "fail" | "left-out";
  /** What was seen, what went wrong, or why it was left out. */
  readonly detail: string;
  /** What to do about a failure. */
  readonly next?: string;
}

/**
 * Runs checks one after the other; an error of the model fails its check, not the list. A check is
 * left out where the one it comes after failed.
 *
 * @param onResult told after each check
 */
export async function runModelChecks(
  checks: readonly ModelCheck[],
  desk: ModelDesk,
  onResult: (result: CheckResult) => void = () => {},
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  const isMissing = (id: string | undefined): boolean =>
    results.some((earlier) => earlier.id === id && earlier.status !== "pass");
  for (const check of checks) {
    const {id, title, after} = check;
    const result: CheckResult = isMissing(after)
      ? {id, title, status: "left-out", detail: `left out: it needs ${after}`}
      : await attempt(check, desk);
    results.push(result);
    onResult(result);
  }
  return results;
}

async function attempt({id, title, fix, run}: ModelCheck, desk: ModelDesk): Promise<CheckResult> {
  try {
    return {id, title, status: "pass", detail: await run(desk)};
  } catch (error) {
    const message = messageOf(error);
    if (error instanceof CheckLeftOut) {
      return {id, title, status: "left-out", detail: `left out: ${message}`};
    }
    const place = error instanceof CheckFailure ? undefined : whereThrown(error);
    const detail = place === undefined ? message : `${message} (${place})`;
    return {id, title, status: "fail", detail, next: fix.replaceAll("MODEL", desk.options.model)};
  }
}
