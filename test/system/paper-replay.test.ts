import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {netPnl} from "../../src/finance/pnl/net-pnl.js";
import type {BarTable, SymbolBars} from "../../src/market/bars.js";
import {barTableRows} from "../../src/market/replay-file/bar-table-rows.js";
import {readMarketDump} from "../../src/market/replay-file/read-market-dump.js";
import {writeReplayFile} from "../../src/market/replay-file/write-replay-file.js";
import {reconcileRuns} from "../../src/reconcile/reconcile-runs.js";
import {RunFolder} from "../../src/runlog/reading/run-folder.js";
import {HOUR_MS, MINUTE_MS, SECOND_MS} from "../../src/time/epoch.js";
import {SAMPLE_END, SAMPLE_START, sampleBars, withHole} from "./sample-run.js";
import {c1Day, outcomesOf, type WholeRun} from "./whole-runs.js";

const BAR_MS = 5 * MINUTE_MS;

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "reckon-paper-replay-"));
});
afterAll(() => {
  rmSync(dir, {recursive: true, force: true});
});

/** The bars with later versions of some: their prices were `factor` times the first ones. */
function corrected(
  bars: BarTable,
  symbol: string,
  {ends, lateMs, factor}: {ends: readonly number[]; lateMs: number; factor: number},
): BarTable {
  const own = bars.bySymbol.get(symbol) as SymbolBars;
  const rows = ends.map((end) => own.barEnd.indexOf(end));
  const columns = Array.from(own.columns, ([name, cells]) => {
    const scale = name === "volume" ? 1 : factor;
    return [name, Float64Array.from(rows, (row) => scale * (cells[row] as number))] as const;
  });
  const corrections = {
    barEnd: Float64Array.from(ends),
    knowledgeTime: Float64Array.from(ends, (end) => end + lateMs),
    columns: new Map(columns),
  };
  return {...bars, bySymbol: new Map(bars.bySymbol).set(symbol, {...own, corrections})};
}

/** The bars with some rows known only later. */
function delayed(bars: BarTable, symbol: string, lateMs: (end: number) => number): BarTable {
  const own = bars.bySymbol.get(symbol) as SymbolBars;
  const knowledgeTime = own.knowledgeTime.map((known, row) => {
    return known + lateMs(own.barEnd[row] as number);
  });
  return {...bars, bySymbol: new Map(bars.bySymbol).set(symbol, {...own, knowledgeTime})};
}

const isWithin = (from: number, bars: number) => (end: number) =>
  SAMPLE_START + from * BAR_MS < end && end <= SAMPLE_START + (from + bars) * BAR_MS;
const everyBar = Array.from({length: 20}, (_, t) => SAMPLE_START + (t + 1) * BAR_MS);

/** The sample with what a real feed does: holes, outages, late rows, and rows that change. */
function roughMarket(): BarTable {
  const whole = sampleBars();
  const [first, second, third, fourth] = whole.symbols as [string, string, string, string];
  const holed = withHole(whole, first, isWithin(4, 3));
  const silent = holed.symbols.reduce((bars, one) => withHole(bars, one, isWithin(12, 2)), holed);
  const late = delayed(silent, second, (end) => (end % (3 * BAR_MS) === 0 ? 40 * SECOND_MS : 0));
  const soon = {ends: everyBar.filter(isWithin(0, 3)), lateMs: 2 * SECOND_MS, factor: 1.01};
  const muchLater = {ends: everyBar.filter(isWithin(8, 2)), lateMs: 11 * MINUTE_MS, factor: 0.97};
  return corrected(corrected(late, third, soon), fourth, muchLater);
}

async function paperAndReplay(name: string, run: WholeRun) {
  const [paper, replay] = [join(dir, `${name}.paper`), join(dir, `${name}.replay`)];
  await outcomesOf(run, {dir: paper, runMode: "paper_trading", files: "per-bar"});
  const path = join(dir, `${name}.csv.gz`);
  const {bars} = run.market;
  await writeReplayFile(path, barTableRows(bars), {barMs: bars.barMs, names: new Map()});
  const back = await readMarketDump(path);
  const market = {...run.market, bars: {...back, symbols: bars.symbols}};
  await outcomesOf({...run, market}, {dir: replay, files: "per-stream"});
  return {paper: new RunFolder(paper), replay: new RunFolder(replay)};
}

const lastHours = (bars: BarTable): WholeRun => ({...c1Day(bars), start: SAMPLE_END - 2 * HOUR_MS});

describe("a paper run, replayed from the file of its market data", () => {
  it.each([
    ["the market as it is", () => ({...c1Day(), start: SAMPLE_END - 6 * HOUR_MS})],
    ["holes, outages, late rows and late corrections", () => lastHours(roughMarket())],
  ])("earns exactly the same: %s", async (name, make) => {
    const run = make();
    const {paper, replay} = await paperAndReplay(name.slice(0, 5).trim(), run);
    const {first, layers, prodBars} = await reconcileRuns(paper, replay, 0);
    expect(first).toBeUndefined();
    expect(layers.map(({status}) => status)).toEqual(layers.map(() => "identical"));
    expect(prodBars).toBe((run.end - run.start) / BAR_MS);
    const [a, b] = [await paper.portfolio(), await replay.portfolio()];
    const [prodPnl, simPnl] = [netPnl(a.statistics), netPnl(b.statistics)];
    expect(prodPnl.filter((pnl) => pnl !== 0 && !Number.isNaN(pnl)).length).toBeGreaterThan(10);
    const gaps = prodPnl.map((pnl, t) => (Number.isNaN(pnl) ? 0 : pnl - (simPnl[t] as number)));
    expect(gaps).toEqual(new Float64Array(gaps.length));
  });

  it("where what was rough about the market did matter to it", async () => {
    const smooth = await outcomesOf(lastHours(sampleBars()));
    const rough = await outcomesOf(lastHours(roughMarket()));
    const kinds = new Set(rough.map(({kind}) => kind));
    expect(kinds).toContain("no-data");
    const uncorrected = roughMarket();
    const bySymbol = Array.from(uncorrected.bySymbol, ([symbol, own]) => {
      const {barEnd, knowledgeTime, columns} = own;
      return [symbol, {barEnd, knowledgeTime, columns}] as const;
    });
    const firstOnly = await outcomesOf(lastHours({...uncorrected, bySymbol: new Map(bySymbol)}));
    expect(rough).not.toEqual(smooth);
    expect(rough).not.toEqual(firstOnly);
  });
});
