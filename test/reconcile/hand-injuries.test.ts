import {cpSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {explainedTotal} from "../../src/reconcile/explain/explanation-sums.js";
import {
  AT,
  edited,
  FILLS,
  type Injury,
  injuredRuns,
  NODES,
  ORDERS,
  PORTFOLIO,
  recordPath,
  TARGETS,
} from "./injure.js";

const runs = injuredRuns();

/** Two bars' records of a stream in each other's place. */
function swapped(stream: string, like = ""): Injury {
  return (dir) => {
    const [a, b] = [AT, AT + 1].map((at) => recordPath(dir, stream, {at, like})) as [
      string,
      string,
    ];
    const [x, y] = [readFileSync(a), readFileSync(b)];
    writeFileSync(a, y);
    writeFileSync(b, x);
  };
}

/** Each file of a run and its folders. */
function filesOf(dir: string): string[] {
  return readdirSync(dir, {withFileTypes: true, recursive: true})
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Every file of one bar is gone. */
const erased: Injury = (dir) => {
  const [, bar] = /(\d{8}_\d{6})\.\d{8}_\d{6}/.exec(recordPath(dir, ORDERS)) ?? [];
  for (const path of filesOf(dir).filter((one) => one.includes(`${bar}.2`))) {
    rmSync(path);
  }
};

/** Every number of these streams of the portfolio is another multiple, as of a run of its own. */
function scaled(factor: number, streams: readonly string[]): Injury {
  return (dir) => {
    for (const stream of streams) {
      for (const path of filesOf(join(dir, PORTFOLIO, stream))) {
        const [heads = "", ...lines] = readFileSync(path, "utf8").trimEnd().split("\n");
        const rows = lines.map((line) => {
          const [time, ...cells] = line.split(",");
          return [time, ...cells.map((cell) => factor * Number(cell))].join(",");
        });
        writeFileSync(path, [heads, ...rows, ""].join("\n"));
      }
    }
  };
}

const MONEY = ["holdings_notional", "executed_trades_notional", "statistics"];
const SHARES = ["holdings_shares", "executed_trades_shares"];

describe("a record that was injured by hand", () => {
  it.each<[string, Injury, RegExp]>([
    ["holdings", swapped(join(PORTFOLIO, "holdings_shares")), /^holdings_shares at/],
    ["targets", swapped(TARGETS), /^target_positions at/],
    ["outputs of a node", swapped(NODES, ".predict."), /^node predict at/],
    ["orders twice", edited(ORDERS, (text) => text + text), /^orders at/],
    ["fills twice", edited(FILLS, (text) => text + text), /^fills at/],
  ])("%s: is told, no value taken for another's", async (_name, injury, what) => {
    const {status, notCompared, layers} = await runs.reconcile(injury);
    expect(["incomplete", "differs"]).toContain(status);
    expect(notCompared.map((one) => one.what)).toContainEqual(expect.stringMatching(what));
    const late = layers.filter(({name}) => name !== "DAG nodes");
    expect(late.map((layer) => layer.status)).not.toContain("differs");
  });

  it("of which a bar is gone altogether has a gap, and cost nothing", async () => {
    const {cause, pnl, notCompared} = await runs.reconcile(erased);
    expect(cause).toMatchObject({name: "record gap", confidence: "certain"});
    expect(cause?.evidence.join(" ")).toContain("run.json counts more bars than are recorded");
    expect(Math.abs((pnl && explainedTotal(pnl).total) ?? 1)).toBeLessThan(1e-6);
    expect(notCompared.map(({what}) => what)).toContain("PnL of 1 bar");
  });

  it.each<[string, (text: string) => string]>([
    ["price", (text) => text.replace(/price=([\d.]+)/, (_, x) => `price=${1.5 * Number(x)}`)],
    ["shares", (text) => text.replace(/num_shares=(-?[\d.]+)/, (_, x) => `num_shares=${2 * x}`)],
  ])("in the %s of a fill contradicts itself", async (_name, edit) => {
    const {cause} = await runs.reconcile(edited(FILLS, edit));
    expect(cause).toMatchObject({name: "record contradicts itself", confidence: "likely"});
    expect(cause?.evidence[0]).toMatch(/^Prod's record contradicts itself: its fills of/);
  });

  it("of a run that begins a bar later is compared from the second on", async () => {
    const {status, notCompared} = await runs.reconcile((dir) => {
      const [, bar] = /(\d{8}_\d{6})\./.exec(recordPath(dir, ORDERS, {at: 0})) ?? [];
      for (const path of filesOf(dir).filter((one) => one.includes(`${bar}.2`))) {
        rmSync(path);
      }
    });
    expect(status).toBe("incomplete");
    expect(notCompared.map(({why}) => why)).toContain("prod begins later");
  });

  it("with an extra bar at the end is told", async () => {
    const {notCompared} = await runs.reconcile((dir) => {
      const path = recordPath(dir, TARGETS, {at: 7});
      cpSync(path, path.replace(/_0040/, "_0045").replace(/_0040/, "_0045"));
    });
    expect(notCompared.map(({what}) => what).join()).toMatch(/1 bar after|target_positions at/);
  });

  it.each<[string, readonly string[], boolean]>([
    ["the same shares in other money are in another currency", MONEY, true],
    ["twice the shares in twice the money are not", [...MONEY, ...SHARES], false],
  ])("%s", async (_name, streams, isCurrency) => {
    const {cause} = await runs.reconcile(scaled(2, streams));
    expect(cause?.name).toBe("start state");
    const told = cause?.evidence.join(" ") ?? "";
    expect(told.includes("All money of prod is 2 times the simulation's")).toBe(isCurrency);
  });
});
