import {type Frame, makeFrame} from "../../table/frame.js";
import type {EpochMs} from "../../time/epoch.js";

/** What a sizer sees of one bar, one cell per instrument; NaN means missing. */
export interface ForecastRow {
  /** When the bar ends; for sizing that depends on the time. */
  readonly barEnd?: EpochMs | undefined;
  readonly prediction: Float64Array;
  readonly volatility: Float64Array;
  /** Bid-ask spread as a fraction of the price; only the longitudinal style reads it. */
  readonly spread?: Float64Array | undefined;
}

/** Writes one bar's target positions (money, signed) into `positions`. */
export type RowSizer = (row: ForecastRow, positions: Float64Array) => void;

/** The frames a sizer reads, on the same axes. */
export interface ForecastFrames {
  readonly prediction: Frame;
  readonly volatility: Frame;
  readonly spread?: Frame | undefined;
}

/** Every row through the sizer, in time order. */
export function sizeRows(sizer: RowSizer, frames: ForecastFrames): Frame {
  const {index, columns} = frames.prediction;
  const data = columns.map(() => new Float64Array(index.length));
  forEachSizedBlock(sizer, frames, ({from, to, cells}) => {
    for (let j = 0; j < data.length; ++j) {
      const column = data[j] as Float64Array;
      for (let t = from, at = j; t < to; ++t, at += data.length) {
        column[t] = cells[at] as number;
      }
    }
  });
  return makeFrame(index, columns, data);
}

/** Target positions of the rows [from, to), row after row: row t begins at (t - from) · columns. */
export interface SizedBlock {
  readonly from: number;
  readonly to: number;
  readonly cells: Float64Array;
}

// Columns are turned into rows some at a time: a few rows of all columns fit into the cache, and
// each column is read in runs.
const BLOCK_ROWS = 64;

/** Every row through the sizer, in time order; `visit` must not keep the block's cells. */
export function forEachSizedBlock(
  sizer: RowSizer,
  {prediction, volatility, spread}: ForecastFrames,
  visit: (block: SizedBlock) => void,
): void {
  const rows = prediction.index.length;
  const inputs = [prediction, volatility, ...(spread ? [spread] : [])].map(rowBuffer);
  const positions = rowBuffer(prediction);
  const bars = Array.from({length: BLOCK_ROWS}, (_, r) => ({
    row: {
      barEnd: Number.NaN,
      prediction: inputs[0]?.rows[r] as Float64Array,
      volatility: inputs[1]?.rows[r] as Float64Array,
      spread: inputs[2]?.rows[r],
    },
    positions: positions.rows[r] as Float64Array,
  }));
  for (let from = 0; from < rows; from += BLOCK_ROWS) {
    const to = Math.min(rows, from + BLOCK_ROWS);
    for (const {frame, cells} of inputs) {
      readRows(frame, {from, to, cells});
    }
    for (const [r, bar] of bars.slice(0, to - from).entries()) {
      bar.row.barEnd = prediction.index[from + r] as number;
      sizer(bar.row, bar.positions);
    }
    visit({from, to, cells: positions.cells});
  }
}

interface RowBuffer {
  readonly frame: Frame;
  readonly cells: Float64Array;
  /** Views of the cells of each row. */
  readonly rows: readonly Float64Array[];
}

function rowBuffer(frame: Frame): RowBuffer {
  const width = frame.columns.length;
  const cells = new Float64Array(BLOCK_ROWS * width);
  const rows = Array.from({length: BLOCK_ROWS}, (_, r) =>
    cells.subarray(r * width, (r + 1) * width),
  );
  return {frame, cells, rows};
}

function readRows({data}: Frame, {from, to, cells}: SizedBlock): void {
  for (let j = 0; j < data.length; ++j) {
    const column = data[j] as Float64Array;
    for (let t = from, at = j; t < to; ++t, at += data.length) {
      cells[at] = column[t] as number;
    }
  }
}
