import {appendFileSync, existsSync, renameSync, statSync} from "node:fs";
import {dirname} from "node:path";
import process from "node:process";
import {makeFolder} from "../../make-folder.js";
import {type EpochMs, formatMinute, formatStamp} from "../../time/epoch.js";
import type {BarOutcome} from "../../trading/targets/process-forecasts.js";

/** Where the lines of a run go. */
export interface RunConsoleOptions {
  /** Kept beside the terminal; an existing file is renamed, never overwritten. */
  readonly logFile?: string | undefined;
  /** Print a line per bar: a live run, or one that is looked at closely. */
  readonly isPrinted: boolean;
}

/** What the command's own last lines say. */
const TOLD_OTHERWISE: readonly string[] = ["run started", "run ended"];

/** One line per bar and per event, on stderr and in the run's log file. */
export class RunConsole {
  readonly #options: RunConsoleOptions;
  #lastEvent = "";

  constructor(options: RunConsoleOptions) {
    this.#options = options;
    const {logFile} = options;
    if (logFile !== undefined) {
      makeFolder(dirname(logFile));
      keepOlder(logFile);
    }
  }

  readonly onBar = (outcome: BarOutcome): void => {
    this.#lastEvent = "";
    this.line(barLine(outcome));
  };

  /** What happens again and again between two bars is told once. */
  readonly onEvent = (time: EpochMs, message: string): void => {
    if (message !== this.#lastEvent && !TOLD_OTHERWISE.includes(message)) {
      this.#lastEvent = message;
      this.line(`${formatMinute(time)} UTC  ${message}`);
    }
  };

  line(text: string): void {
    const {logFile, isPrinted} = this.#options;
    if (isPrinted) {
      process.stderr.write(`${text}\n`);
    }
    if (logFile !== undefined) {
      appendFileSync(logFile, `${text}\n`);
    }
  }
}

/** `{file}.{stamp of its last change}`. */
function keepOlder(file: string): void {
  if (existsSync(file)) {
    renameSync(file, `${file}.${formatStamp(Math.floor(statSync(file).mtimeMs))}`);
  }
}

const money = new Intl.NumberFormat("en-US", {maximumFractionDigits: 2, minimumFractionDigits: 2});

/** What an operator wants to see go by: bar, outcome, orders, exposure, wealth. */
export function barLine({barEnd, kind, orders, portfolio}: BarOutcome): string {
  const {pnl, fees, gmv, net_wealth} = portfolio.statistics;
  const net = Number.isNaN(pnl) ? "" : `  net PnL ${money.format(pnl - fees)}`;
  return (
    `${formatMinute(barEnd)} UTC  ${kind.padEnd(13)}  orders ${String(orders.length).padStart(3)}` +
    `  GMV ${money.format(gmv)}  net wealth ${money.format(net_wealth)}${net}`
  );
}
