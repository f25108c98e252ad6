import type {BarTable, SymbolBars} from "../../../src/market/bars.js";
import {MINUTE_MS, SECOND_MS} from "../../../src/time/epoch.js";
import {withHole} from "../../system/sample-run.js";
import type {WholeRun} from "../../system/whole-runs.js";
import {BAR_MS, barsOfRun, type Fault, type FaultSetting, idsOf, pick} from "./fault.js";

/** A row that the store has corrected since: production saw another value. */
export function dataRevision({run, random}: FaultSetting): Fault {
  const id = pick(idsOf(run), random);
  const end = pick(rowsOfRun(run), random);
  const isPrice = random() < 0.7;
  const factor = 1 + (random() < 0.5 ? -1 : 1) * (0.0005 + 0.02 * random());
  const bars = mapRow(run.market.bars, id, (name, cells, row, own) => {
    if (own.barEnd[row] === end && (name === "volume") !== isPrice) {
      cells[row] = (cells[row] as number) * factor;
    }
  });
  return {
    kind: "data revision",
    text: `${isPrice ? "prices" : "volume"} of ${id} at ${end} times ${factor}`,
    run: withBars(run, bars),
    request: {},
    place: () => marketPlace([end], [id]),
  };
}

/** A correction that production was told of a bar after it had decided the row's; the store not. */
export function lateCorrection({run, random}: FaultSetting): Fault {
  const id = pick(idsOf(run), random);
  const end = pick(barsOfRun(run).slice(0, -2), random);
  const factor = 1 + (random() < 0.5 ? -1 : 1) * (0.001 + 0.02 * random());
  const own = run.market.bars.bySymbol.get(id) as SymbolBars;
  const row = own.barEnd.indexOf(end);
  const corrections = {
    barEnd: Float64Array.of(end),
    knowledgeTime: Float64Array.of(end + Math.round(20 + 200 * random()) * SECOND_MS),
    columns: new Map(
      Array.from(own.columns, ([name, cells]) => [
        name,
        Float64Array.of((cells[row] as number) * (name === "volume" ? 1 : factor)),
      ]),
    ),
  };
  const bySymbol = new Map(run.market.bars.bySymbol).set(id, {...own, corrections});
  return {
    kind: "data revision",
    text: `prices of ${id} at ${end} corrected later, times ${factor}`,
    run: withBars(run, {...run.market.bars, bySymbol}),
    request: {},
    place: () => marketPlace([end + BAR_MS], [id]),
  };
}

/** A row that came after the bar was decided. */
export function lateData({run, random}: FaultSetting): Fault {
  const id = pick(idsOf(run), random);
  const bar = pick(barsOfRun(run).slice(0, -1), random);
  const lateMs = Math.round(20 + 250 * random()) * SECOND_MS;
  const own = run.market.bars.bySymbol.get(id) as SymbolBars;
  const knowledgeTime = own.knowledgeTime.map((known, row) =>
    own.barEnd[row] === bar ? known + lateMs : known,
  );
  const bySymbol = new Map(run.market.bars.bySymbol).set(id, {...own, knowledgeTime});
  return {
    kind: "late data",
    text: `the row of ${id} at ${bar} known ${lateMs} ms late`,
    run: withBars(run, {...run.market.bars, bySymbol}),
    request: {},
    place: () => marketPlace([bar], [id]),
  };
}

/** A row that production never got. */
export function missingBar({run, random}: FaultSetting): Fault {
  const id = pick(idsOf(run), random);
  const end = pick(rowsOfRun(run).slice(0, -BAR_MS / MINUTE_MS), random);
  return {
    kind: "missing bar",
    text: `no row of ${id} at ${end}`,
    run: withBars(
      run,
      withHole(run.market.bars, id, (barEnd) => barEnd === end),
    ),
    request: {},
    place: () => marketPlace([end], [id]),
  };
}

/** Bars that production's feed stamped with their beginning, or a bar too late. */
export function shiftedStamps({run, random}: FaultSetting): Fault {
  const by = (random() < 0.5 ? 1 : -1) * run.market.bars.barMs;
  const bySymbol = Array.from(run.market.bars.bySymbol, ([id, own]) => {
    const moved = own.barEnd.map((end) => end + by);
    return [id, {...own, barEnd: moved, knowledgeTime: moved}] as const;
  });
  const first = run.start + BAR_MS;
  return {
    kind: "clock",
    text: `all bars stamped ${by} ms later`,
    run: withBars(run, {...run.market.bars, bySymbol: new Map(bySymbol)}),
    request: {},
    place: () =>
      marketPlace(
        Array.from({length: 8}, (_, k) => first - k * run.market.bars.barMs),
        idsOf(run),
      ),
  };
}

/** Ends of the market's rows in the run, the history left out. */
function rowsOfRun({start, end, market}: WholeRun): number[] {
  const {barMs} = market.bars;
  return Array.from({length: (end - start) / barMs}, (_, t) => start + (t + 1) * barMs);
}

function marketPlace(bars: readonly number[], instruments: readonly string[]) {
  return {layer: "market data", bars, node: "read_data", instruments} as const;
}

function withBars(run: WholeRun, bars: BarTable): WholeRun {
  return {...run, market: {...run.market, bars}};
}

/** The bars with one instrument's cells changed in place, in copies of them. */
function mapRow(
  bars: BarTable,
  id: string,
  change: (name: string, cells: Float64Array, row: number, own: SymbolBars) => void,
): BarTable {
  const own = bars.bySymbol.get(id) as SymbolBars;
  const columns = new Map(
    Array.from(own.columns, ([name, cells]) => {
      const changed = cells.slice();
      for (let row = 0; row < changed.length; ++row) {
        change(name, changed, row, own);
      }
      return [name, changed] as const;
    }),
  );
  return {...bars, bySymbol: new Map(bars.bySymbol).set(id, {...own, columns})};
}
