import {describe, expect, it, onTestFinished} from "vitest";
import {ALL_CHECKS, MODEL_CHECKS, runModelChecks} from "../../../src/flows/model-check/checks.js";
import {ModelDesk} from "../../../src/flows/model-check/model-desk.js";
import {trialMarket} from "../../../src/flows/model-check/trial-market.js";
import {type BrokenModel, brokenDesk} from "./broken-models.js";

const TRIAL = trialMarket(1);

async function deskOf(model: string): Promise<ModelDesk> {
  const desk = await ModelDesk.open({model, ...TRIAL});
  onTestFinished(() => desk.close());
  return desk;
}

/** Opening a database takes seconds. */
const THROUGH_DATABASE = ["database-portfolio", "order-processor"];
const ids = MODEL_CHECKS.map(({id}) => id);

brokenDesk();

describe("a model that is right", () => {
  it("passes every check, those through a database aside, which C1 passes elsewhere", async () => {
    const checks = MODEL_CHECKS.filter(({id}) => !THROUGH_DATABASE.includes(id));
    expect(checks).toHaveLength(ids.length - THROUGH_DATABASE.length);
    const results = await runModelChecks(checks, await deskOf("Right"));
    expect(results.filter(({status}) => status !== "pass")).toEqual([]);
  });
});

const CASES: [model: BrokenModel, check: string, detail: RegExp, next: RegExp][] = [
  [
    "LooksAhead",
    "look-ahead",
    /^prediction of \w+ at 2025-09-01 .* UTC is \S+ as it is, .* with the bars after .* changed$/,
    /rows after its own/,
  ],
  [
    "LooksAhead",
    "non-time-vs-time",
    /^prediction of \w+ at .* UTC is \S+ over the whole history, \S+ bar by bar$/,
    /look at the last row/,
  ],
  [
    "CountsFromStart",
    "fit-invariance",
    /^prediction of \w+ at .* is \S+ with all of its history, \S+ with 168 bars less of it$/,
    /never from its first row/,
  ],
  [
    "LearnsFromItsFirstRow",
    "fit-invariance",
    /^prediction of \w+ at .* is \S+ with all of its history, \S+ with 168 bars less of it$/,
    /learn over a window/,
  ],
  ["CountsFromStart", "non-time-vs-time", /over the whole history/, /longest window/],
  ["DrawsLots", "determinism", /recorded other DAG nodes: prediction of \w+ at/, /chance/],
  ["Remembers", "determinism", /recorded other DAG nodes: prediction/, /variables outside/],
  ["Remembers", "paper-replay", /the replay has other DAG nodes: prediction/, /their inputs/],
  ["NeverTrades", "trades", /^not one order in 12 bars: 12 outside-hours$/, /trading hours/],
  ["SaysNothing", "fit-predict", /no value of "prediction" at any bar/, /last node/],
  ["SaysNothing", "trades", /^not one order in 12 bars: 12 no-forecast/, /its predictions/],
  [
    "LearnsInSecret",
    "fit-vs-predict",
    /^prediction .* is \S+ while it is fitted, \S+ when it then predicts$/,
    /return from `fit`/,
  ],
  ["LacksColumn", "config", /prediction_col: .*"forecast"/, /config show --model LacksColumn/],
  ["LacksColumn", "fit-predict", /no value of "forecast"/, /under the names/],
  [
    "ForgetsLookback",
    "non-time-vs-time",
    /^\w+ of \w+ at .* UTC is \S+ over the whole history, missing bar by bar$/,
    /^raise history_lookback/,
  ],
  [
    "LooksFartherThanItSays",
    "look-back",
    /^volatility of \w+ at .* UTC is \S+ computed whole, \S+ by its new rows alone$/,
    /^raise the lookbackRows/,
  ],
  ["StopsEarly", "research-vs-portfolio", /^corr = .*; wanted at least 0.9$/, /trading hours/],
];

describe("a model that is broken", () => {
  it.each(CASES)("%s: %s", async (model, id, detail, next) => {
    const check = MODEL_CHECKS.filter((one) => one.id === id);
    const [result] = await runModelChecks(check, await deskOf(model));
    expect(result).toMatchObject({id, status: "fail"});
    expect(result?.detail).toMatch(detail);
    expect(result?.next).toMatch(next);
  });

  it("DrawsLots: database-portfolio", async () => {
    const desk = await deskOf("DrawsLots");
    await desk.run("database");
    const check = MODEL_CHECKS.filter(({id}) => id === "database-portfolio");
    const [result] = await runModelChecks(check, desk);
    expect(result?.status).toBe("fail");
    expect(result?.detail).toMatch(/^other DAG nodes, .* orders and fills, .* than in memory$/);
    expect(result?.next).toMatch(/`determinism` first/);
  });

  it("cannot be tried further where the system is not built", async () => {
    const results = await runModelChecks(ALL_CHECKS, await deskOf("LacksColumn"));
    const told = new Map(results.map(({id, status, detail}) => [id, `${status}: ${detail}`]));
    expect(told.get("config")).toMatch(/^fail: /);
    for (const id of ids.filter((one) => one !== "config")) {
      expect(told.get(id)).toMatch(/^left-out: left out: it needs \S+$/);
    }
    expect(told.get("tiled-vs-whole")).toBe("left-out: left out: there are no tiles yet");
    expect(told.get("paper-run")).toMatch(/^fail: /);
  });
});

describe("the checks", () => {
  it("each have a test above that makes them fail, or one of their own", () => {
    const failed = new Set(CASES.map(([, id]) => id));
    expect(ids.filter((id) => !failed.has(id))).toEqual(THROUGH_DATABASE);
  });
});
