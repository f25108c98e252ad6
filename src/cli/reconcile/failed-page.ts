import type {PublishResult} from "../../../publish/result/publish-request.js";
import {ReckonError} from "../../errors.js";

/** @throws ReckonError `failed` with the page's own exit code, where its notebook failed */
export function tellFailedPage({exitCode, outcome, problems, status}: PublishResult): void {
  if (exitCode === 0) {
    return;
  }
  const reasons = [outcome.failure?.message ?? status, ...problems];
  const message = `the notebook was published, but ${reasons.join("; ")}`;
  throw Object.assign(new ReckonError("failed", message), {exitCode});
}
