import {cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {explainedTotal} from "../../../src/reconcile/explain/explanation-sums.js";
import {type Reconciliation, reconcileRuns} from "../../../src/reconcile/reconcile-runs.js";
import {verdict} from "../../../src/report/reconciliation/verdict.js";
import {RunFolder} from "../../../src/runlog/reading/run-folder.js";
import {record} from "../faults/inject.js";
import {smallC1} from "../faults/walk-market.js";

const RUN = smallC1({seed: 3, bars: 10});
const PORTFOLIO = join("process_forecasts", "portfolio");
const TARGETS = join("process_forecasts", "target_positions");
const ORDERS = join("process_forecasts", "orders");
const ACCOUNT = ["holdings_shares", "holdings_notional", "statistics"].concat([
  "executed_trades_shares",
  "executed_trades_notional",
]);

let root: string;
let count = 0;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "reckon-gaps-"));
  await record(RUN, join(root, "prod"), {files: "per-bar"});
  await record(RUN, join(root, "sim"));
});
afterAll(() => {
  rmSync(root, {recursive: true, force: true});
});

/** The whole run with something done to its folder, against its simulation. */
async function found(...changes: readonly ((dir: string) => void)[]): Promise<Reconciliation> {
  const dir = join(root, `damaged-${++count}`);
  cpSync(join(root, "prod"), dir, {recursive: true});
  for (const change of changes) {
    change(dir);
  }
  return await reconcileRuns(new RunFolder(dir), new RunFolder(join(root, "sim")));
}

const files = (dir: string): string[] => readdirSync(dir).sort();

/** Changes the files of a stream by their place among them. */
function mapped(stream: string, change: (text: string, at: number) => string | undefined) {
  return (dir: string): void => {
    for (const [at, fileName] of files(join(dir, stream)).entries()) {
      const path = join(dir, stream, fileName);
      const text = change(readFileSync(path, "utf8"), at);
      if (text === undefined) {
        rmSync(path);
      } else {
        writeFileSync(path, text);
      }
    }
  };
}

const heads = (text: string): string => `${text.split("\n")[0]}\n`;
const without = (stream: string, from: number, to: number) =>
  mapped(stream, (text, at) => (at >= from && at <= to ? undefined : text));
const noTargetsOf = (id: string, isMeant: (at: number) => boolean = () => true) =>
  mapped(TARGETS, (text, at) => {
    const lines = text.split("\n").filter((line) => !(isMeant(at) && line.startsWith(`${id},`)));
    return lines.join("\n");
  });
const noAccount = ACCOUNT.map((stream) => without(join(PORTFOLIO, stream), 4, 5));

const GAPS: readonly (readonly [
  name: string,
  changes: readonly ((dir: string) => void)[],
  RegExp,
])[] = [
  [
    "statistics of heads only",
    [mapped(join(PORTFOLIO, "statistics"), heads)],
    /^Prod's record has no row in statistics at 10 bars/,
  ],
  [
    "statistics of heads only, for a while",
    [mapped(join(PORTFOLIO, "statistics"), (text, at) => (at < 6 ? text : heads(text)))],
    /^Prod's record has no row in statistics at 4 bars/,
  ],
  [
    "an instrument without targets",
    [noTargetsOf("BBBUSDT")],
    /^Prod's record has no row of BBBUSDT in target_positions at \d+ bars/,
  ],
  [
    "an instrument without holdings",
    [
      mapped(join(PORTFOLIO, "holdings_shares"), (text) => {
        const rows = text.split("\n").map((line) => line.split(","));
        const at = rows[0]?.indexOf("BBBUSDT");
        return rows.map((row) => row.filter((_, j) => j !== at).join(",")).join("\n");
      }),
    ],
    /^Prod's record has no row of BBBUSDT in holdings_shares at 10 bars/,
  ],
  ["an account that skips bars", noAccount, /no row in executed_trades_shares, .* at 2 bars/],
  ["orders that skip a bar", [without(ORDERS, 3, 3)], /no row in orders at the bar /],
  ["targets that skip a bar", [without(TARGETS, 3, 3)], /no row in target_positions at the bar /],
];

describe("what a record lacks", () => {
  it.each(GAPS)("is no behaviour: %s", async (_name, changes, says) => {
    const reconciliation = await found(...changes);
    const {status, cause, pnl} = reconciliation;
    expect(status).toBe("differs");
    expect(cause).toMatchObject({name: "record gap", confidence: "certain"});
    expect(cause?.evidence[0]).toMatch(says);
    expect(cause?.evidence[1]).toMatch(/ all the same: its .* recorded\.$/);
    expect(pnl === undefined ? 0 : explainedTotal(pnl).total).toBeCloseTo(0, 9);
    expect(verdict(reconciliation).text).toContain(
      "differs from its simulation: only in a record, which is faulty",
    );
  });

  it("does not hide what a run did otherwise, and is told beside it", async () => {
    const {cause, first} = await found(...noAccount, noTargetsOf("BBBUSDT"), (dir) => {
      const fills = join(dir, "process_forecasts", "fills");
      const path = join(fills, files(fills).at(-1) as string);
      const text = readFileSync(path, "utf8");
      writeFileSync(path, text.replace(/price=(\d)/, "price=1$1"));
    });
    expect(first).toMatchObject({layer: "orders and fills", field: "fill_price"});
    expect(cause?.evidence.join(" ")).toMatch(/record contradicts itself: its fills of/);
    expect(cause?.evidence.join(" ")).toMatch(/no row of BBBUSDT in target_positions/);
  });

  it("is left open where nothing shows that there was more", async () => {
    const ordered = (dir: string): void =>
      mapped(ORDERS, (text) =>
        text
          .split("\n")
          .filter((line) => !line.includes("BBBUSDT"))
          .join("\n"),
      )(dir);
    const untraded = (dir: string): void => {
      for (const stream of ["fills", "orders", ...ACCOUNT.map((name) => join("portfolio", name))]) {
        rmSync(join(dir, "process_forecasts", stream), {recursive: true});
      }
    };
    const {cause} = await found(ordered, noTargetsOf("BBBUSDT"), untraded);
    expect(cause?.confidence).not.toBe("certain");
    expect(cause?.name).not.toBe("record gap");
  });

  it("leaves the PnL over lost bars out, and says so", async () => {
    const {notCompared} = await found(...noAccount);
    expect(notCompared).toContainEqual({
      what: "PnL of 2 bars",
      side: "prod",
      why: "prod recorded other things of them, but not its account",
    });
  });
});
