import assert from "node:assert/strict";
import {type Column, type Frame, makeFrame, selectRows} from "./frame.js";

/**
 * Several features of the same instruments over the same bars: what a DAG node returns.
 *
 * `features.get(name)[j][t]` is the feature of `columns[j]` at `index[t]`; NaN means missing.
 * Panels share columns freely and are never changed.
 */
export interface Panel {
  /** Bar ends (epoch ms, UTC), strictly increasing. */
  readonly index: Float64Array;
  /** Instrument ids. */
  readonly columns: readonly string[];
  readonly features: ReadonlyMap<string, readonly Column[]>;
}

/** A panel of frames that all have the same axes. */
export function panelOf(frames: Readonly<Record<string, Frame>>): Panel {
  const [first] = Object.values(frames);
  assert.ok(first, "a panel needs at least one feature");
  return withFeatures({index: first.index, columns: first.columns, features: new Map()}, frames);
}

/** One feature as a frame; an unknown name is a programming error. */
export function featureOf(panel: Panel, name: string): Frame {
  const data = panel.features.get(name);
  if (data === undefined) {
    assert.fail(`no feature "${name}"; features: ${[...panel.features.keys()].join(", ")}`);
  }
  return {index: panel.index, columns: panel.columns, data};
}

/** The panel with these features put first, before (or in place of) those it has. */
export function withFeatures(panel: Panel, frames: Readonly<Record<string, Frame>>): Panel {
  const features = new Map<string, readonly Column[]>();
  for (const [name, frame] of Object.entries(frames)) {
    if (frame.columns !== panel.columns) {
      assert.deepEqual(frame.columns, panel.columns, `feature "${name}" has other instruments`);
    }
    makeFrame(panel.index, frame.columns, frame.data);
    features.set(name, frame.data);
  }
  for (const [name, data] of panel.features) {
    if (!features.has(name)) {
      features.set(name, data);
    }
  }
  return {index: panel.index, columns: panel.columns, features};
}

/** Rows `from` (inclusive) to `to` (exclusive) of every feature; a view, nothing is copied. */
export function slicePanel(panel: Panel, from: number, to: number = panel.index.length): Panel {
  const features = new Map<string, readonly Column[]>();
  for (const [name, data] of panel.features) {
    features.set(
      name,
      data.map((column) => column.subarray(from, to)),
    );
  }
  return {index: panel.index.subarray(from, to), columns: panel.columns, features};
}

/** The panel at these rows; one that it lacks is NaN. */
export function panelOnRows(panel: Panel, index: Float64Array): Panel {
  const {columns, features} = panel;
  const rows = Array.from(features, ([name, data]): [string, readonly Column[]] => [
    name,
    selectRows({index: panel.index, columns, data}, index).data,
  ]);
  return {index, columns, features: new Map(rows)};
}

/** The last `count` rows, or all when there are fewer. */
export function lastRows(panel: Panel, count: number): Panel {
  return slicePanel(panel, Math.max(0, panel.index.length - count));
}
