import {type EpochMs, formatMinute, SECOND_MS, toIso} from "../../time/epoch.js";

/** Something about a live market that the run's log should hold. */
export type MarketNotice =
  | {readonly kind: "unknown-instruments"; readonly symbols: readonly string[]}
  | {readonly kind: "missing"; readonly barEnd: EpochMs; readonly symbols: readonly string[]}
  | {
      readonly kind: "late-row";
      readonly symbol: string;
      readonly barEnd: EpochMs;
      readonly knowledgeTime: EpochMs;
      readonly readAt: EpochMs;
    }
  | {readonly kind: "correction"; readonly symbol: string; readonly barEnd: EpochMs}
  | {
      readonly kind: "refused-row";
      readonly symbol: string;
      readonly barEnd: EpochMs;
      readonly reason: string;
    }
  | {readonly kind: "store-away"; readonly reason: string}
  | {readonly kind: "store-back"; readonly awayMs: number};

/** How often things happened since the market was opened; names as `run.json` has them. */
export type MarketCounts = {
  /** Stretches of bars without an instrument's row, summed over instruments. */
  readonly gaps: number;
  /** Bars decided without an instrument's row, summed over instruments. */
  readonly missing: number;
  /** Rows read after a bar was decided that a replay of it would have seen. */
  readonly late_rows: number;
  /** Later versions of bars. */
  readonly corrections: number;
  /** Rows that hold no bar: a negative price, no number, a time off the grid. */
  readonly refused_rows: number;
  /** Times the store could not be read. */
  readonly store_failures: number;
};

/** The notice as a line of a log. */
export function describeNotice(notice: MarketNotice): string {
  switch (notice.kind) {
    case "unknown-instruments":
      return `no row so far of ${notice.symbols.join(", ")}`;
    case "missing":
      return `bar ${formatMinute(notice.barEnd)}: no row of ${notice.symbols.join(", ")}`;
    case "late-row":
      return (
        `${notice.symbol}: the row of bar ${formatMinute(notice.barEnd)}, known at ` +
        `${toIso(notice.knowledgeTime)}, could be read at ${toIso(notice.readAt)} only, after ` +
        "a bar was decided that a replay would decide with it"
      );
    case "correction":
      return `${notice.symbol}: bar ${formatMinute(notice.barEnd)} was corrected`;
    case "refused-row":
      return `${notice.symbol}: bar ${formatMinute(notice.barEnd)} refused: ${notice.reason}`;
    case "store-away":
      return `the market store does not answer: ${notice.reason}`;
    case "store-back":
      return `the market store answers again after ${notice.awayMs / SECOND_MS} s`;
  }
}
