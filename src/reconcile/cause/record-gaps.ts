import {countUpTo} from "../../table/frame.js";
import {type Difference, type DifferenceTable, differenceAt} from "../compare/difference.js";
import type {Comparable} from "../layers/comparable.js";
import type {Layer, LayerName} from "../layers/layer.js";
import {featureSeenAgain} from "../layers/seen-again.js";
import {GapFinder} from "./gap-finder.js";
import type {RecordGap} from "./record-gap.js";
import {type ChangedRow, changedRow} from "./seen-rows.js";

/** The differences that only say that a record is not whole. */
export interface RecordGaps {
  /** True for a row of a layer's differences that is such. */
  readonly has: (layer: LayerName, row: number) => boolean;
  readonly all: readonly RecordGap[];
  /** Rows that a record takes back: they are told, and are no gaps. */
  readonly takenBack: readonly ChangedRow[];
}

/**
 * Which differences are gaps of a record and not of what a run did.
 *
 * A value that one run lacks is such where that run's other records tell of the same bar and
 * instrument: a position without a row beside an order of it, an account without a bar of which
 * orders were recorded. Where they are silent too, the run may well have done otherwise.
 */
export function recordGaps(both: Comparable, layers: readonly Layer[]): RecordGaps {
  const found = layers.map(({name, differences}) => ({
    name,
    differences,
    gaps: new Map<number, RecordGap>(),
    silent: name === "config" ? [] : oneSided(differences),
  }));
  const finder = found.some(({silent}) => silent.length > 0) ? new GapFinder(both) : undefined;
  for (const {name, differences, gaps, silent} of finder === undefined ? [] : found) {
    for (const row of silent) {
      const gap = finder?.gapOf(name, differenceAt(differences, row));
      if (gap !== undefined) {
        gaps.set(row, gap);
      }
    }
    const isKept = keeper(gaps, silent, differences);
    for (const [row, gap] of gaps) {
      if (!isKept(gap)) {
        gaps.delete(row);
      }
    }
  }
  const all = found.flatMap(({gaps}) => [...gaps.values()]);
  const takenBack = found.map(({differences}) => takenBackRows(both, differences));
  const isOfGap = pnlOfGap(both, all);
  const rows = new Map(
    found.map(({name, differences, gaps}, i): [LayerName, ReadonlySet<number>] => {
      const derived = name === "PnL" ? rowsWhere(differences, isOfGap) : [];
      return [name, new Set([...gaps.keys(), ...derived, ...(takenBack[i]?.keys() ?? [])])];
    }),
  );
  return {
    has: (layer, row) => rows.get(layer)?.has(row) ?? false,
    all,
    takenBack: takenBack.flatMap((changed) => [...changed.values()]),
  };
}

/** By their place: the differences of what was seen again that the next record takes back. */
function takenBackRows(both: Comparable, table: DifferenceTable): Map<number, ChangedRow> {
  const found = new Map<number, ChangedRow>();
  for (const [row, field] of table.field.entries()) {
    const changed =
      featureSeenAgain(field) === undefined
        ? undefined
        : changedRow(both, differenceAt(table, row));
    if (changed?.isTakenBack) {
      found.set(row, changed);
    }
  }
  return found;
}

/**
 * An unsure gap of an instrument is kept unless another bar shows that the run did otherwise with
 * it; one of a whole bar, only next to one that is sure.
 */
function keeper(
  gaps: ReadonlyMap<number, RecordGap>,
  silent: readonly number[],
  {instrument, prod}: DifferenceTable,
): (gap: RecordGap) => boolean {
  const sure = new Set([...gaps.values()].filter(({isSure}) => isSure).map(groupOf));
  const otherwise = new Set(
    silent
      .filter((row) => !gaps.has(row))
      .map((row) => `${Number.isNaN(prod[row]) ? "prod" : "sim"} ${instrument[row]}`),
  );
  return (gap) =>
    gap.isSure ||
    (gap.instrument === ""
      ? sure.has(groupOf(gap))
      : !otherwise.has(`${gap.side} ${gap.instrument}`));
}

function groupOf({side, stream, instrument}: RecordGap): string {
  return `${side} ${stream} ${instrument}`;
}

/** Rows at which exactly one side has a value. */
function oneSided({prod, sim}: DifferenceTable): number[] {
  return Array.from(prod.keys()).filter(
    (row) => Number.isNaN(prod[row]) !== Number.isNaN(sim[row]),
  );
}

function rowsWhere(table: DifferenceTable, isMeant: (row: Difference) => boolean): number[] {
  return Array.from(table.barEnd.keys()).filter((row) => isMeant(differenceAt(table, row)));
}

/** An instrument's PnL at a bar is made of two bars' records: it is of a gap where either is. */
function pnlOfGap(
  {prod, sim}: Comparable,
  gaps: readonly RecordGap[],
): (row: Difference) => boolean {
  const bars = Float64Array.from(new Set([...prod.bars, ...sim.bars])).sort();
  const keys = new Set(
    gaps
      .filter(({stream}) => /^(holdings|executed)_/.test(stream))
      .flatMap(({barEnd, instrument}) => {
        const next = bars[countUpTo(bars, barEnd)] ?? Number.NaN;
        return [`${barEnd} ${instrument}`, `${next} ${instrument}`];
      }),
  );
  return ({field, barEnd, instrument}) =>
    field === "pnl" &&
    instrument !== "" &&
    (keys.has(`${barEnd} ${instrument}`) || keys.has(`${barEnd} `));
}
