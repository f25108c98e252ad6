import type {Argv} from "yargs";
import {type Override, parseOverride} from "../../config/override.js";
import {RUN_MODES, type RunMode} from "../../config/system-config.js";
import {
  SCHEDULE_MODES,
  type ScheduleMode,
} from "../../reconcile/discovery/reconciliation-layout.js";
import {marketOptions, overrideOptions} from "./options.js";

/** The parsed flags of `reckon run`. */
export interface RunFlags {
  readonly model: string;
  readonly runMode: RunMode;
  readonly startTimestamp?: string;
  readonly endTimestamp?: string;
  readonly runDuration?: number;
  readonly dstDir?: string;
  readonly rootDir?: string;
  readonly stage?: string;
  readonly dataRootDir: string;
  readonly tag: string;
  readonly mode: ScheduleMode;
  readonly dataDir: string;
  readonly exchange?: string;
  readonly timeframe?: string;
  readonly symbols?: string;
  readonly universe?: string;
  readonly feed?: "recorded" | "sql";
  readonly table?: string;
  readonly marketDataFile?: string;
  readonly replayFills?: string;
  readonly openingHoldingsFrom?: string;
  readonly clock?: string;
  readonly pace: "jump" | "real-time";
  readonly files?: "per-bar" | "per-stream";
  readonly strategy?: string;
  readonly account?: string;
  readonly liveness?: string;
  readonly instanceType?: string;
  readonly tradeDate?: string;
  readonly accountType?: string;
  readonly secretId?: string;
  readonly setConfigValue: readonly string[];
  readonly setConfigValues: string | undefined;
  readonly logFileName?: string;
  readonly logLevel: string;
  readonly printConfig: boolean;
  readonly json: boolean;
}

/** Every flag of `reckon run`, the reference's among them. */
export function runFlags<T>(argv: Argv<T>) {
  return overrideOptions(outputFlags(deskFlags(feedFlags(placeFlags(intervalFlags(argv))))));
}

function intervalFlags<T>(argv: Argv<T>) {
  return argv
    .option("model", {
      group: "Which run:",
      type: "string",
      alias: ["dag-builder-ctor", "dag-builder-name"],
      demandOption: true,
      describe: "model id, for example C1",
    })
    .option("run-mode", {
      group: "Which run:",
      choices: RUN_MODES,
      default: "simulation" as const,
      describe: "how it runs",
    })
    .option("start-timestamp", {
      group: "Which run:",
      type: "string",
      alias: "start-time",
      describe: "YYYYMMDD_HHMMSS, UTC; the first bar ends after it; default in a live run: now",
    })
    .option("end-timestamp", {
      group: "Which run:",
      type: "string",
      alias: "end-time",
      describe: "YYYYMMDD_HHMMSS, UTC; the last bar ends at it",
    })
    .option("run-duration", {
      group: "Which run:",
      type: "number",
      describe: "seconds from the start to the end, instead of --end-timestamp",
    });
}

function placeFlags<T>(argv: Argv<T>) {
  return argv
    .option("dst-dir", {
      group: "Where it is recorded:",
      type: "string",
      describe: "the run folder; an existing one is renamed",
    })
    .option("root-dir", {
      group: "Where it is recorded:",
      type: "string",
      describe: "instead of --dst-dir: root of all runs, below which the folder is composed",
    })
    .option("stage", {
      group: "Where it is recorded:",
      type: "string",
      describe: "local, preprod or prod: of the exchange, and a folder below --root-dir",
    })
    .option("data-root-dir", {
      group: "Where it is recorded:",
      type: "string",
      default: "system_reconciliation",
      describe: "folder of the runs below --root-dir and --stage",
    })
    .option("tag", {
      group: "Where it is recorded:",
      type: "string",
      default: "",
      describe: "appended to the model in folder names",
    })
    .option("mode", {
      group: "Where it is recorded:",
      choices: SCHEDULE_MODES,
      default: "manual" as const,
      describe: "started by a scheduler or by hand",
    });
}

function feedFlags<T>(argv: Argv<T>) {
  return marketOptions(argv)
    .option("universe", {
      group: "Market data:",
      type: "string",
      describe:
        "instruments of a universe, NAME, NAME.vN or NAME.vN-topK, " +
        "from universes.json beside the exchange's instruments",
    })
    .option("feed", {
      group: "Market data:",
      choices: ["recorded", "sql"] as const,
      describe:
        "recorded bars, or the SQL store that `market collect` fills; " +
        "default: sql when the end lies ahead",
    })
    .option("table", {
      group: "Market data:",
      type: "string",
      describe: "table of the SQL store; default: the model's, else ccxt_ohlcv_futures",
    })
    .option("market-data-file", {
      group: "Market data:",
      type: "string",
      describe: "a replay file (test_data.csv.gz) instead of the market store",
    })
    .option("replay-fills", {
      group: "Market data:",
      type: "string",
      describe: "the run folder whose fills are replayed (simulation_with_replayed_fills)",
    })
    .option("opening-holdings-from", {
      group: "Market data:",
      type: "string",
      describe: "a run folder: begin with the holdings and cash that run began with",
    })
    .option("pace", {
      group: "Market data:",
      choices: ["jump", "real-time"] as const,
      default: "jump" as const,
      describe: "replay recorded bars at once, or as slowly as they were recorded",
    })
    .option("clock", {
      group: "Market data:",
      type: "string",
      describe: "accelerated time for a live drill: START@REAL_STARTxSPEED",
    });
}

function deskFlags<T>(argv: Argv<T>) {
  return argv
    .option("strategy", {
      group: "Whose orders:",
      type: "string",
      describe: "written into every order",
    })
    .option("account", {
      group: "Whose orders:",
      type: "string",
      describe: "written into every order",
    })
    .option("liveness", {
      group: "Whose orders:",
      choices: ["CANDIDATE", "CONTRIBUTING"],
      describe: "of the strategy",
    })
    .option("instance-type", {
      group: "Whose orders:",
      choices: ["QA", "PROD", "DEV", "SIM", "PAPER"],
      describe: "of this process",
    })
    .option("trade-date", {
      group: "Whose orders:",
      type: "string",
      describe: "YYYYMMDD; refused when it is another day",
    })
    .option("account-type", {
      group: "Whose orders:",
      type: "string",
      describe: "part of the secret's name",
    })
    .option("secret-id", {
      group: "Whose orders:",
      type: "string",
      describe: "part of the secret's name",
    });
}

function outputFlags<T>(argv: Argv<T>) {
  return argv
    .option("files", {
      group: "Output:",
      choices: ["per-bar", "per-stream"] as const,
      describe: "a file per bar, or per stream; default: per stream in a simulation",
    })
    .option("log-file-name", {
      group: "Output:",
      type: "string",
      describe: "file for the lines that a run prints; an existing one is renamed",
    })
    .option("print-config", {
      group: "Output:",
      type: "boolean",
      default: false,
      describe: "print the config of the run, and run nothing",
    })
    .option("json", {
      group: "Output:",
      type: "boolean",
      default: false,
      describe: "print the run record as JSON",
    });
}

/** What the reference says in flags and the config keeps: these are overrides like any other. */
export function flagOverrides(flags: Partial<RunFlags>): Override[] {
  const {strategy, account, liveness, instanceType, tradeDate, stage, table} = flags;
  const values: Readonly<Record<string, string | undefined>> = {
    "cf_config.strategy": strategy,
    "cf_config.account": account,
    "cf_config.liveness": liveness,
    "cf_config.instance_type": instanceType,
    "cf_config.trade_date": tradeDate,
    "portfolio_config.broker_config.stage": stage,
    "market_data_config.im_client_config.table_name": table,
    secret_identifier_config: secretName(flags),
  };
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => parseOverride(`${key}=${JSON.stringify(value)}`));
}

/** `exchange.stage.account_type.id`, where all four are given. */
function secretName({
  exchange,
  stage,
  accountType,
  secretId,
}: Partial<RunFlags>): string | undefined {
  const parts = [exchange, stage, accountType, secretId];
  return parts.includes(undefined) ? undefined : parts.join(".");
}
