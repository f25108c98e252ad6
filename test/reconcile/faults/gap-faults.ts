import {readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {formatStamp} from "../../../src/time/epoch.js";
import type {BarOutcome} from "../../../src/trading/targets/process-forecasts.js";
import {
  BAR_MS,
  barsOfRun,
  type Fault,
  type FaultSetting,
  idsOf,
  type Place,
  pick,
} from "./fault.js";

const FORECASTS = "process_forecasts";
const PORTFOLIO = join(FORECASTS, "portfolio");
const NODES = join("dag", "node_io", "node_io.data");

/**
 * A statistics stream whose files, all or from some bar on, have heads and no line. Without heads
 * they would be damaged files, of which it is told that they cannot be read.
 */
export function emptiedStatistics(setting: FaultSetting): Fault {
  const {run, random} = setting;
  const from = random() < 0.5 ? run.start + BAR_MS : pick(barsOfRun(run), random);
  const cut = (text: string): string => `${text.split("\n")[0]}\n`;
  return gapFault(setting, {
    text: `statistics emptied from ${from} on`,
    damage: (dir) => mapFiles(join(dir, PORTFOLIO, "statistics"), from, cut),
    place: {layer: "holdings", bars: [from], node: "", instruments: [""], field: "cash"},
  });
}

/** An instrument without a row in any file of the target positions; it is traded all the same. */
export function untoldTargets(setting: FaultSetting): Fault {
  const {run, random, sim} = setting;
  const id = pick(
    sim.flatMap((bar) => bar.fills ?? []),
    random,
  ).instrumentId;
  const isOther = (line: string): boolean => !line.startsWith(`${id},`);
  return gapFault(setting, {
    text: `no target of ${id} recorded`,
    damage: (dir) =>
      mapFiles(join(dir, FORECASTS, "target_positions"), run.start, (text) =>
        text.split("\n").filter(isOther).join("\n"),
      ),
    place: {
      layer: "target positions",
      bars: [sim.find(({targets}) => targets !== undefined)?.barEnd ?? Number.NaN],
      node: "",
      instruments: [id],
    },
  });
}

/** Bars of which the account was not recorded, though their orders were. */
export function lostAccount(setting: FaultSetting): Fault {
  const {run, random, sim} = setting;
  const from = pick(tradedBars(sim), random);
  const to = from + BAR_MS * Math.floor(3 * random());
  return gapFault(setting, {
    text: `no account from ${from} to ${to}`,
    damage: (dir) => {
      for (const stream of readdirSync(join(dir, PORTFOLIO))) {
        dropFiles(join(dir, PORTFOLIO, stream), [from, to]);
      }
    },
    place: {
      layer: "orders and fills",
      bars: [from],
      node: "",
      instruments: idsOf(run),
      field: "executed_trades_shares",
    },
  });
}

/** Fills of a bar that were not recorded, though the account booked them. */
export function lostFills(setting: FaultSetting): Fault {
  const {run, random, sim} = setting;
  const bar = pick(tradedBars(sim), random);
  return gapFault(setting, {
    text: `no fills at ${bar}`,
    damage: (dir) => dropFiles(join(dir, FORECASTS, "fills"), [bar, bar]),
    place: {
      layer: "orders and fills",
      bars: [bar],
      node: "",
      instruments: idsOf(run),
      field: "fill_shares",
    },
  });
}

/** A node's output of a bar that was not recorded, though later nodes made something of it. */
export function lostNode(setting: FaultSetting): Fault {
  const {run, random} = setting;
  const bar = pick(barsOfRun(run), random);
  const node = run.model === "mock1" ? "resample" : pick(["returns", "signals"], random);
  return gapFault(setting, {
    text: `no output of ${node} at ${bar}`,
    damage: (dir) => dropFiles(join(dir, NODES), [bar, bar], `.${node}.df_out.`),
    place: {layer: "DAG nodes", bars: [bar], node, instruments: idsOf(run)},
  });
}

function gapFault(
  {run}: FaultSetting,
  {text, damage, place}: Required<Pick<Fault, "text" | "damage">> & {readonly place: Place},
): Fault {
  const request = {files: "per-bar"} as const;
  return {kind: "record gap", text, run, request, damage, place: () => place};
}

/** Bars at which something was filled. */
function tradedBars(outcomes: readonly BarOutcome[]): number[] {
  return outcomes.filter(({fills = []}) => fills.length > 0).map(({barEnd}) => barEnd);
}

/** Changes each file of a stream from that bar on. */
function mapFiles(dir: string, from: number, change: (text: string) => string): void {
  const files = readdirSync(dir).filter((fileName) => fileName.slice(0, 15) >= formatStamp(from));
  for (const fileName of files) {
    writeFileSync(join(dir, fileName), change(readFileSync(join(dir, fileName), "utf8")));
  }
}

/** Takes away the files of bars from the first to the second, if their names have the part. */
function dropFiles(dir: string, [from, to]: readonly [number, number], part = ""): void {
  for (const fileName of readdirSync(dir).filter((name) => name.includes(part))) {
    const [bar = ""] = /\d{8}_\d{6}/.exec(fileName) ?? [];
    if (bar >= formatStamp(from) && bar <= formatStamp(to)) {
      rmSync(join(dir, fileName));
    }
  }
}
