/** Which run, and where its reconciliation is: what every step is told. */
const RUN = [
  "run-dir",
  "model",
  "run-mode",
  "start-timestamp",
  "end-timestamp",
  "mode",
  "tag",
  "dst-root-dir",
  "layout",
];
const SOURCE = ["prod-data-source-dir", "stage", "aws-profile"];
const MARKET = ["market-data-source-dir", "data-dir", "stage", "aws-profile"];
const FOLDER = ["abort-if-exists", "backup-dir-if-exists", "incremental"];
const RESULT = ["incremental", "prevent-overwriting"];
const OVERRIDES = ["set-config-value", "set-config-values"];
const PAGE = [
  "notebook-run-mode",
  "check-dag-output-self-consistency",
  "mark-as-last-24-hour-run",
  "strict",
];

/** The flags that each step has a use for; it refuses all others. */
export const STEP_FLAGS = {
  all: flags(RUN, SOURCE, MARKET, FOLDER, RESULT, OVERRIDES, PAGE, [
    "run-notebook",
    "allow-update",
  ]),
  "create-dirs": flags(RUN, FOLDER),
  "copy-prod-data": flags(RUN, SOURCE, RESULT),
  "dump-market-data": flags(RUN, MARKET, RESULT, ["universe-version", "interactive"]),
  "run-sim": flags(RUN, MARKET, RESULT, OVERRIDES),
  "run-notebook": flags(RUN, RESULT, OVERRIDES, PAGE),
  ls: flags(RUN, ["json"]),
} as const;

/** A step of a reconciliation, or all of them. */
export type StepName = keyof typeof STEP_FLAGS;

function flags(...groups: readonly (readonly string[])[]): readonly string[] {
  return [...new Set(groups.flat())];
}
