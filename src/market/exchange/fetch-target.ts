import type {EpochMs} from "../../time/epoch.js";
import type {BarSource, SymbolBars} from "../bars.js";
import type {Instrument} from "../instruments/instrument.js";
import type {DuckDBConnection} from "../parquet/duck-db.js";
import {monthsOf} from "../parquet/market-layout.js";
import {readFiles} from "../parquet/read-files.js";
import {type SaveCount, saveBars} from "../parquet/save-bars.js";

/** Where fetched bars are kept. */
export interface FetchTarget {
  /** Ends of the stored bars in (start, end], oldest first. */
  storedEnds(
    instrument: Instrument,
    range: {readonly start: EpochMs; readonly end: EpochMs},
  ): Promise<Float64Array>;
  /** Keeps bars of one instrument: all of them, or none and an error. */
  save(instrument: Instrument, bars: SymbolBars): Promise<SaveCount>;
}

/** The Parquet store of a data folder. */
export function parquetTarget(connection: DuckDBConnection, source: BarSource): FetchTarget {
  return {
    async storedEnds({id}, {start, end}) {
      const files = (await monthsOf(source, id)).map(({file}) => file);
      const none = new Float64Array(0);
      return files.length === 0
        ? none
        : (await readFiles(connection, files, {from: start, to: end})).barEnd;
    },
    save: ({id}, bars) => saveBars(connection, {...source, symbol: id, bars}),
  };
}
