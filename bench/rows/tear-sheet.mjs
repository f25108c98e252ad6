import {writeFileSync} from "node:fs";
import {join} from "node:path";
import {callPeer, compareWithPeer} from "../peers/call.mjs";

const DAYS = 1_096;

/** Every number (with its interval), figure and table of a tear sheet, from the files on. */
export const row = {
  name: "tear sheet, 3 years of days and a benchmark",
  target: "<= 150 ms",
  limitMs: 150,
  repeat: 5,
  async prepare(scratch) {
    const door = await import("../../dist/src/index.js");
    const {SeededRandom} = await import("../../dist/src/stats/distribution/seeded-random.js");
    const random = new SeededRandom(1);
    const write = (name, scale, drift) => {
      const rows = Array.from({length: DAYS}, (_, t) => {
        const date = new Date(Date.UTC(2018, 0, 1 + t)).toISOString().slice(0, 10);
        return `${date},${scale * random.student() + drift}`;
      });
      const path = join(scratch, `${name}.csv`);
      writeFileSync(path, ["date,return", ...rows, ""].join("\n"));
      return path;
    };
    const returnsPath = write("strategy", 0.01, 0.0008);
    const query = {returnsPath, benchmarkPath: write("market", 0.03, 0.001), periodsPerYear: 365};
    const prepared = {door, query};
    // Warm, as in a desk's notebook that refreshes; what the first one costs is in the note.
    const start = performance.now();
    tearSheet(prepared);
    prepared.coldMs = performance.now() - start;
    tearSheet(prepared);
    return prepared;
  },
  run: tearSheet,
  check({sheet, views}) {
    const missing = views.filter(({text}) => /not shown/.test(text ?? ""));
    const byKey = new Map(sheet.statistics.map((one) => [one.key, one]));
    const {low, value, high} = byKey.get("sharpe_ratio");
    const isWhole = byKey.size >= 60 && low < value && value < high && missing.length === 1;
    return isWhole ? undefined : "a number, an interval or a figure is missing";
  },
  note(ms, prepared) {
    const {door, query, coldMs} = prepared;
    const {views} = tearSheet(prepared);
    const kilobytes = JSON.stringify(views).length / 1024;
    const sheet = door.loadTearSheet(query);
    const names = ["cum_returns_final", "max_drawdown", "sharpe_ratio", "sortino_ratio"];
    const wanted = [...names, "annual_volatility", "win_rate", "profit_factor"];
    const values = Object.fromEntries(
      sheet.statistics.filter(({key}) => wanted.includes(key)).map(({key, value}) => [key, value]),
    );
    const peer = callPeer("tear_sheet.py", [query.returnsPath, query.benchmarkPath]);
    const size = `figures and tables ${kilobytes.toFixed(0)} KB`;
    const theirs = peer.answer ? `, its page ${peer.answer.kilobytes.toFixed(0)} KB` : "";
    const text = compareWithPeer("quantstats", {ms, values}, peer);
    return `first time ${coldMs.toFixed(0)} ms; ${size}; ${text}${theirs}`;
  },
};

function tearSheet({door, query}) {
  const sheet = door.loadTearSheet(query);
  const {series} = sheet;
  const rolling = ["sharpe", "sortino", "volatility", "beta"];
  const views = [
    door.tearSheetHeadline(sheet),
    door.growthFigure(series),
    door.logGrowthFigure(series),
    door.volatilityMatchedFigure(series),
    door.worstDrawdownsFigure(sheet),
    door.drawdownsView(sheet),
    door.underwaterFigure(sheet),
    door.monthlyHeatmap(series),
    door.yearlyFigure(series),
    door.distributionFigure(series),
    door.quantileFigure(series),
    door.everyReturnFigure(series),
    ...rolling.map((name) => door.rollingFigure(sheet, name)),
    door.weekdayFigure(series),
    door.hourlyFigure(series),
    door.statisticsView(sheet),
  ];
  return {sheet, views};
}
