import {join} from "node:path";

/** The files of one notebook's result, `{dst}/result_{index}/…`. */
export interface ResultPaths {
  readonly folder: string;
  readonly page: string;
  readonly notebook: string;
  readonly configJson: string;
  readonly configText: string;
  readonly runLog: string;
  /** Holds the link to the page. */
  readonly pageLog: string;
  /** One JSON line for each event, written as it happens. */
  readonly events: string;
  readonly figures: string;
  /** What the notebook handed back with `record`. */
  readonly results: string;
  readonly record: string;
  /** Exists only beside a run that succeeded in everything; written last. */
  readonly success: string;
}

/** Where everything goes. `startedAt` is in epoch milliseconds and names the page and the log. */
export function resultPaths(
  dstDir: string,
  {name, index = 0, startedAt}: {name: string; index?: number; startedAt: number},
): ResultPaths {
  const folder = join(dstDir, `result_${index}`);
  const stamp = fileStamp(startedAt);
  return {
    folder,
    page: join(folder, `${name}.${index}.${stamp}.html`),
    notebook: join(folder, `${name}.${index}.ipynb`),
    configJson: join(folder, "config.json"),
    configText: join(folder, "config.txt"),
    runLog: join(folder, `run_notebook.${index}.log`),
    pageLog: join(folder, `run_notebook.${index}.html.log`),
    events: join(folder, "events.jsonl"),
    figures: join(folder, "figures"),
    results: join(folder, "results.json"),
    record: join(folder, "run.json"),
    success: join(folder, "success.txt"),
  };
}

/** `YYYYMMDD-HHMMSS`, UTC. */
export function fileStamp(ms: number): string {
  const digits = new Date(ms).toISOString().replace(/\D/g, "");
  return `${digits.slice(0, 8)}-${digits.slice(8, 14)}`;
}

/** `YYYY-MM-DD HH:MM:SS UTC`, for people. */
export function readableTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** A span for people: `340 ms`, `3.2 s`, `2 min 5 s`. */
export function readableDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.floor((ms % 60_000) / 1_000)} s`;
}
