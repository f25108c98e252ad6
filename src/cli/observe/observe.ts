import {existsSync} from "node:fs";
import {join, resolve} from "node:path";
import process from "node:process";
import type {CommandModule} from "yargs";
import {messageOf, ReckonError} from "../../errors.js";
import {findObservedRun} from "../../flows/observe/find-observed-run.js";
import {followRun} from "../../flows/observe/follow-run.js";
import {folderModelName} from "../../flows/observe/model-name.js";
import {
  type ObservedPage,
  type ObserveRequest,
  publishObserver,
} from "../../flows/observe/publish-observer.js";
import {checkTag, parseScheduleMode} from "../../reconcile/discovery/reconciliation-layout.js";
import {formatCount, formatGain} from "../../report/number-text.js";
import {parsePeriod} from "../../time/bar-grid.js";
import {type EpochMs, parseStamp} from "../../time/epoch.js";
import {systemClock} from "../../time/system-clock.js";
import {untilInterrupted} from "../console/until-interrupted.js";
import {flagName} from "../flag-name.js";
import {siteOf} from "../site/options.js";
import {type ObserveFlags, observeOptions, tell} from "./options.js";

/** `reckon observe`. */
export const observeCommand: CommandModule<object, ObserveFlags> = {
  builder: (argv) =>
    observeOptions(argv)
      .example(
        "$0 observe --model C1 --prod-data-root-dir runs --follow",
        "refresh every 5 minutes",
      )
      .epilogue(
        "Exit codes: 0 published, alerts or not; 1 an alert and --strict, or a failed notebook; " +
          "2 misuse or no such run; 9 the page could not be put on the site.",
      ),
  handler: async (flags) => {
    await untilInterrupted(async (signal) => {
      if (flags.follow) {
        await follow(flags, signal);
        return;
      }
      const observed = await publishObserver(requestOf(flags, nowOf(flags)), {signal});
      tellPage(flags, observed);
      checkPage(flags, observed);
    });
  },
};

async function follow(flags: ObserveFlags, signal: AbortSignal): Promise<void> {
  requestOf(flags, nowOf(flags)); // what is wrong in the flags is told at once
  await followRun({
    clock: systemClock,
    everyMs: parsePeriod(flags.every, "--every"),
    keep: keptOf(flags),
    signal,
    find: (now) => requestOf(flags, flags.asOf === undefined ? now : nowOf(flags)),
    onRefreshed: (observed) => {
      tellPage(flags, observed);
      for (const problem of failuresOf(observed)) {
        process.stderr.write(`${problem}\n`);
      }
    },
    onFault: (error) => void process.stderr.write(`${messageOf(error)}\n`),
  });
}

function nowOf({asOf}: ObserveFlags): EpochMs {
  return asOf === undefined ? systemClock.now() : parseStamp(asOf, "--as-of");
}

function requestOf(flags: ObserveFlags, now: EpochMs): ObserveRequest {
  const model = folderModelName(flags.model);
  const {runMode, startTimestamp, endTimestamp, mode, stage} = flags;
  const tag = checkTag(flags.tag);
  const {logDir, start, end} = findObservedRun({
    root: rootOf(flags),
    model,
    tag,
    runMode,
    now,
    stage,
    start: startTimestamp === undefined ? undefined : parseStamp(startTimestamp, "start"),
    end: endTimestamp === undefined ? undefined : parseStamp(endTimestamp, "end"),
    scheduleMode: mode === undefined ? undefined : parseScheduleMode(mode),
    onSkip: (dir) => void process.stderr.write(`${dir}: no log of a run; skipped\n`),
  });
  const {leastBalance, leastPnl, largestDrawdown, leastPnlPercent, staleBars} = flags;
  return {
    runDir: logDir,
    model,
    tag,
    runMode,
    placed: {start, end},
    now,
    dstDir: flags.dstDir,
    dataDir: flags.storeDir,
    limits: numbersOf({leastBalance, leastPnl, largestDrawdown, leastPnlPercent, staleBars}),
    site: flags.markAsLast5minuteRun
      ? (siteOf(flags) ?? {place: join(flags.prodDataRootDir, "pages")})
      : undefined,
    savesPlots: flags.savePlotsForInvestors,
  };
}

/** Sizes, of which less than none makes no sense. */
const SIZES: readonly string[] = ["largestDrawdown", "staleBars"];

/** What was given, checked: the flag of a missing number is NaN. */
function numbersOf(limits: Readonly<Record<string, number | undefined>>): Record<string, number> {
  const given = Object.entries(limits).filter(([, value]) => value !== undefined);
  for (const [name, value = Number.NaN] of given) {
    const isSize = SIZES.includes(name);
    if (!Number.isFinite(value) || (isSize && value < 0)) {
      const expected = isSize ? "a number from 0 on" : "a number";
      throw new ReckonError("misuse", {place: flagName(name), expected, found: String(value)});
    }
  }
  return Object.fromEntries(given) as Record<string, number>;
}

/** A dated folder that goes at once would take the page with it that was just made. */
function keptOf({keep}: ObserveFlags): number {
  if (!Number.isInteger(keep) || keep < 1) {
    const expected = "a whole number from 1 on";
    throw new ReckonError("misuse", {place: "--keep", expected, found: String(keep)});
  }
  return keep;
}

function rootOf({prodDataRootDir: root}: ObserveFlags): string {
  if (!existsSync(root)) {
    throw new ReckonError("misuse", {
      place: "--prod-data-root-dir",
      expected: "the root of the recorded runs",
      found: `no folder ${resolve(root)}`,
    });
  }
  return root;
}

function tellPage({json}: ObserveFlags, {dir, page, alerts, picture}: ObservedPage): void {
  const {
    netPnl = null,
    bars = null,
    lastBar = null,
  } = (page.outcome.results.pnl ?? {}) as {
    netPnl?: number | null;
    bars?: number | null;
    lastBar?: string | null;
  };
  const link = page.published?.pointers.at(-1) ?? page.link;
  const earned = typeof netPnl === "number" ? formatGain(netPnl) : "not known";
  const found = alerts.map((alert) => `  ${alert.name}: ${alert.found}, wanted ${alert.wanted}`);
  tell(json, {status: page.status, dir, page: page.link, link, picture, netPnl, bars, alerts}, [
    bars
      ? `${formatCount(bars, "bar")}, the last ${lastBar ?? "not known"} UTC, net PnL ${earned}`
      : "no bar was recorded yet",
    alerts.length === 0 ? "no alert" : `${formatCount(alerts.length, "alert")}:`,
    ...found,
    ...(picture === undefined ? [] : [`picture  ${picture}`]),
    `page     ${link}`,
  ]);
}

function failuresOf({page}: ObservedPage): string[] {
  return page.exitCode === 0
    ? []
    : [page.outcome.failure?.message ?? page.status, ...page.problems];
}

/** A page that failed, or an alert under --strict, is an error. */
function checkPage({strict}: ObserveFlags, observed: ObservedPage): void {
  const failures = failuresOf(observed);
  if (failures.length > 0) {
    const error = new ReckonError("failed", `the page failed: ${failures.join("; ")}`);
    throw Object.assign(error, {exitCode: observed.page.exitCode});
  }
  if (strict && observed.alerts.length > 0) {
    throw new ReckonError("failed", "there are alerts, and --strict was asked for");
  }
}
