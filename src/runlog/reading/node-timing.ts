import type {EpochMs} from "../../time/epoch.js";

/** How long a node ran at one bar, and what the process held after it. */
export interface NodeTiming {
  readonly barEnd: EpochMs;
  readonly id: string;
  readonly seconds: number;
  /** Resident set of the process; NaN where the profile does not say. */
  readonly rssBytes: number;
}

/** What the lines of a node's profile after it ran say; NaN for what they do not. */
export function nodeTiming(id: string, barEnd: EpochMs, lines: readonly string[]): NodeTiming {
  const text = lines.join("\n");
  const [, seconds = "NaN"] = /run_node done \(([\d.]+) s\)/.exec(text) ?? [];
  const [, gigabytes = "NaN"] = /memory=rss=([\d.]+)GB/.exec(text) ?? [];
  return {barEnd, id, seconds: Number(seconds), rssBytes: Number(gigabytes) * 2 ** 30};
}
