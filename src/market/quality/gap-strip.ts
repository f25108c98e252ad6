import type {DayGaps} from "./find-gaps.js";

/** Shares of missing bars at which a darker shade begins; whole days have shade 0. */
export const SHADES: readonly (readonly [above: number, text: string])[] = [
  [0, "up to 1 %"],
  [0.01, "1 to 5 %"],
  [0.05, "5 to 20 %"],
  [0.2, "20 to 50 %"],
  [0.5, "over 50 %"],
];

/** Some days in a row of one instrument. */
export interface StripCell {
  /** Position and width in columns of {@link GapCalendar}. */
  readonly x: number;
  readonly width: number;
  /** 0 for whole; else 1 and more: see {@link SHADES}. */
  readonly level: number;
  /** First and last day. */
  readonly first: string;
  readonly last: string;
  readonly missing: number;
  readonly expected: number;
}

/** The days that several instruments are shown on, in columns of one or more days each. */
export interface GapCalendar {
  readonly days: readonly string[];
  readonly daysPerColumn: number;
  readonly columns: number;
}

/** More columns than this cannot be told apart on a page. */
const MOST_COLUMNS = 370;

/** The days from the first to the last of any instrument. */
export function gapCalendar(instruments: readonly (readonly DayGaps[])[]): GapCalendar {
  const days = [...new Set(instruments.flatMap((own) => own.map(({day}) => day)))].sort();
  const daysPerColumn = Math.max(1, Math.ceil(days.length / MOST_COLUMNS));
  return {days, daysPerColumn, columns: Math.ceil(days.length / daysPerColumn)};
}

/** One instrument's days on the calendar; whole neighbours are one cell, absent days have none. */
export function gapStrip(own: readonly DayGaps[], calendar: GapCalendar): readonly StripCell[] {
  const position = new Map(calendar.days.map((day, i) => [day, i]));
  const cells: StripCell[] = [];
  for (const {day, missing, expected} of own) {
    const x = Math.floor((position.get(day) as number) / calendar.daysPerColumn);
    const last = cells.at(-1);
    if (last?.x === x) {
      const sum = {missing: last.missing + missing, expected: last.expected + expected};
      cells[cells.length - 1] = {...last, ...sum, last: day, level: levelOf(sum)};
    } else {
      const level = levelOf({missing, expected});
      cells.push({x, width: 1, level, first: day, last: day, missing, expected});
    }
  }
  return joinWhole(cells);
}

function levelOf({missing, expected}: Pick<DayGaps, "missing" | "expected">): number {
  const share = expected === 0 ? 0 : missing / expected;
  return SHADES.filter(([above]) => share > above).length;
}

function joinWhole(cells: readonly StripCell[]): readonly StripCell[] {
  const joined: StripCell[] = [];
  for (const cell of cells) {
    const last = joined.at(-1);
    if (last?.level === 0 && cell.level === 0 && last.x + last.width === cell.x) {
      joined[joined.length - 1] = {
        ...last,
        width: last.width + cell.width,
        last: cell.last,
        expected: last.expected + cell.expected,
      };
    } else {
      joined.push(cell);
    }
  }
  return joined;
}
