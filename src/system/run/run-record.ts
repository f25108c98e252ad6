import {createHash} from "node:crypto";
import {readFileSync} from "node:fs";
import {hostname} from "node:os";
import {dirname, join} from "node:path";
import {fileURLToPath} from "node:url";
import {maskUrl} from "../../config/mask-url.js";
import {formatOverride, type Override} from "../../config/override.js";
import type {SystemConfig} from "../../config/system-config.js";
import {type EpochMs, formatStamp} from "../../time/epoch.js";
import {gitCommit} from "./git-commit.js";
import type {LiveFeed} from "./run-market.js";

/** How a run stands: `running` in a folder whose run was killed. */
export type ExitState = "running" | "done" | "failed" | "interrupted";

/** `run.json`: which code ran what, where, and how it ended. */
export interface RunRecord {
  readonly model: string;
  readonly run_mode: string;
  /** `YYYYMMDD_HHMMSS`, UTC: the run handles the bars that end in (start, end]. */
  readonly start_timestamp: string;
  readonly end_timestamp: string;
  readonly exit_state: ExitState;
  readonly error?: string;
  readonly bars: number;
  /** Bars that the clock had passed before they could be handled; missing where there are none. */
  readonly skipped_bars?: number;
  /** Bars that were handled without trading, by reason; each is in `log.txt`. */
  readonly not_traded: Readonly<Record<string, number>>;
  /** Instruments left alone at a bar that traded, summed over bars, by reason. */
  readonly untraded_names: Readonly<Record<string, number>>;
  /** What flags changed of the config, as `a.b=VALUE`; a replay begins with the same. */
  readonly overrides: readonly string[];
  /** SHA-256 of the config's JSON. */
  readonly config_hash: string;
  /** What the market data was, for example `simulated 5m`; printed on pages. */
  readonly market: string;
  /** The live source of the market data; missing where the bars were recorded ones. */
  readonly feed?: LiveFeed;
  /** How often market data was late, missing or corrected, by kind. */
  readonly market_counts: Readonly<Record<string, number>>;
  /** Config values that the desk or a flag set and the run never read: they changed nothing. */
  readonly unused_config: readonly string[];
  /** Of a random generator; null: a run draws no random numbers. */
  readonly seed: null;
  /** Of the machine, not of the inputs; they differ between equal runs. */
  readonly volatile: {
    readonly reckon: string;
    readonly node: string;
    readonly platform: string;
    readonly host: string;
    readonly git_commit: string | null;
    readonly peak_rss_bytes: number;
    /** The process that had the folder and is no more; missing where there was none. */
    readonly taken_over_from_pid?: number;
  };
}

/** The record of a run that starts now. */
export function startRecord(
  config: SystemConfig,
  run: {
    readonly start: EpochMs;
    readonly end: EpochMs;
    readonly market: string;
    readonly feed?: LiveFeed;
    readonly overrides?: readonly Override[] | undefined;
    readonly takenOverFromPid?: number | undefined;
  },
): RunRecord {
  return {
    model: config.dag_builder_class,
    run_mode: config.run_mode,
    start_timestamp: formatStamp(run.start),
    end_timestamp: formatStamp(run.end),
    exit_state: "running",
    bars: 0,
    not_traded: {},
    untraded_names: {},
    overrides: (run.overrides ?? []).map((override) => maskUrl(formatOverride(override))),
    config_hash: createHash("sha256").update(JSON.stringify(config)).digest("hex"),
    market: run.market,
    ...(run.feed === undefined ? {} : {feed: run.feed}),
    market_counts: {},
    unused_config: [],
    seed: null,
    volatile: {
      reckon: packageVersion(),
      node: process.version,
      platform: `${process.platform}-${process.arch}`,
      host: hostname(),
      git_commit: gitCommit(packageRoot()),
      peak_rss_bytes: peakRssBytes(),
      ...(run.takenOverFromPid === undefined ? {} : {taken_over_from_pid: run.takenOverFromPid}),
    },
  };
}

/** What is counted while a run goes on. */
type Counted =
  | "bars"
  | "skipped_bars"
  | "not_traded"
  | "untraded_names"
  | "market_counts"
  | "unused_config";

/** The record as the run ends. */
export function endRecord(
  record: RunRecord,
  end: Pick<RunRecord, Counted> & {
    readonly exitState: ExitState;
    readonly error?: string;
  },
): RunRecord {
  return {
    ...record,
    exit_state: end.exitState,
    bars: end.bars,
    ...(end.skipped_bars === undefined ? {} : {skipped_bars: end.skipped_bars}),
    not_traded: end.not_traded,
    untraded_names: end.untraded_names,
    market_counts: end.market_counts,
    unused_config: end.unused_config,
    ...(end.error === undefined ? {} : {error: end.error}),
    volatile: {...record.volatile, peak_rss_bytes: peakRssBytes()},
  };
}

/** The folder that holds this package's package.json, whether run from source or built. */
export function packageRoot(): string {
  let dir = dirname(fileURLToPath(import.meta.url));
  while (packageName(dir) !== "reckon") {
    dir = dirname(dir);
  }
  return dir;
}

/** This package's version. */
export function packageVersion(): string {
  const text = readFileSync(join(packageRoot(), "package.json"), "utf8");
  return (JSON.parse(text) as {version: string}).version;
}

function packageName(dir: string): string | undefined {
  try {
    const text = readFileSync(join(dir, "package.json"), "utf8");
    return (JSON.parse(text) as {name?: string}).name;
  } catch {
    return dir === dirname(dir) ? "reckon" : undefined;
  }
}

function peakRssBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}
