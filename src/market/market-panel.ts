import type {Column} from "../table/frame.js";
import type {Panel} from "../table/panel.js";
import {makeLattice} from "./bar-lattice.js";
import {type BarTable, latestVersions, type SymbolBars} from "./bars.js";

/** Everything that was recorded, on one regular grid with NaN where there is no bar: for research,
 * where nobody asks what was known when; of a corrected bar the last version. */
export function marketPanel(bars: BarTable): Panel {
  const latest = bars.symbols.map(
    (symbol) => [symbol, latestVersions(bars.bySymbol.get(symbol) as SymbolBars)] as const,
  );
  const {ends, features, rows} = makeLattice({...bars, bySymbol: new Map(latest)});
  const data = features.map((name): [string, readonly Column[]] => [
    name,
    bars.symbols.map((symbol) => rows.get(symbol)?.columns.get(name) as Column),
  ]);
  return {index: ends, columns: bars.symbols, features: new Map(data)};
}
