import {type EpochMs, formatMinute} from "../../time/epoch.js";
import {formatCount} from "../../words.js";
import type {GridRecord, NodeRows} from "./node-rows.js";
import type {BarNote} from "./not-compared.js";

/**
 * Records of a node that lack a row which an earlier record has and which lies within what they
 * reach: of a whole end, or of one instrument of it. A value that is missing in a row that is there
 * is none: a window's oldest rows may lack what went before them.
 */
export function nodeHoles(records: readonly GridRecord[], rows: NodeRows): BarNote[] {
  return records.flatMap(({barEnd, grid}) => {
    const lacking: string[] = [];
    let row = 0;
    // Both lists of ends increase, and the node's holds all of the record's.
    for (let t = rows.ends.indexOf(grid.ends[0] ?? Number.NaN); t >= 0; t = next(rows, t, barEnd)) {
      const end = rows.ends[t] as number;
      const isThere = grid.ends[row] === end;
      if ((rows.seenAt[t] as number) < barEnd) {
        if (!isThere) {
          lacking.push(timeText(end));
        } else if (grid.absent > 0) {
          lacking.push(...absentOf(rows, t, {grid, row}).map((id) => `${timeText(end)} of ${id}`));
        }
      }
      row += isThere ? 1 : 0;
    }
    const [first] = lacking;
    const count = formatCount(lacking.length, "row");
    return first === undefined
      ? []
      : [{barEnd, why: `it lacks ${count} that earlier records have, the first ${first}`}];
  });
}

/** The next of a node's rows up to a bar; −1 where there is none. */
function next({ends}: NodeRows, t: number, barEnd: EpochMs): number {
  return (ends[t + 1] ?? Number.POSITIVE_INFINITY) <= barEnd ? t + 1 : -1;
}

function timeText(end: EpochMs): string {
  return `${formatMinute(end)} UTC`;
}

/** Instruments of which an earlier record knew the row, and this one has no value at all. */
function absentOf(
  {instruments, fresh}: NodeRows,
  t: number,
  {grid, row}: {readonly grid: GridRecord["grid"]; readonly row: number},
): string[] {
  const at = new Map(grid.instruments.map((id, j) => [id, j]));
  const width = grid.instruments.length;
  return instruments.filter((id, j) => {
    const own = at.get(id);
    const isNone = [...grid.cells.values()].every((cells) =>
      Number.isNaN(cells[row * width + (own ?? 0)]),
    );
    const wasKnown = [...fresh.values()].some(({data}) => !Number.isNaN(data[j]?.[t]));
    return own !== undefined && isNone && wasKnown;
  });
}
