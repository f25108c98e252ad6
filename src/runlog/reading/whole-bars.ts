import {join} from "node:path";
import {ReckonError} from "../../errors.js";
import {type EpochMs, formatStamp} from "../../time/epoch.js";
import type {RecordTime} from "../layout.js";

/** The bars that one stream of a run folder has. */
export interface StreamBars {
  /** Of the stream, relative to the run folder. */
  readonly dir: string;
  readonly times: readonly Pick<RecordTime, "barEnd">[];
}

/**
 * The bars that every portfolio stream of a run has. Of a run that goes on, what is newer than the
 * last of them is still being written; older than that, a bar that one stream lacks is lost. A run
 * that ended has nothing left to write.
 *
 * @throws ReckonError `bad-data` naming the stream that lacks a bar which others have
 */
export function wholeBars(
  runDir: string,
  streams: readonly StreamBars[],
  {hasEnded = false}: {readonly hasEnded?: boolean} = {},
): Set<EpochMs> {
  const own = streams.map(({times}) => new Set(times.map(({barEnd}) => barEnd)));
  const all = [...new Set(own.flatMap((bars) => [...bars]))].sort((a, b) => a - b);
  const isWhole = (barEnd: EpochMs): boolean => own.every((bars) => bars.has(barEnd));
  const last = all.filter(isWhole).at(-1) ?? Number.NEGATIVE_INFINITY;
  const torn = all.filter((barEnd) => !isWhole(barEnd));
  const open = last === Number.NEGATIVE_INFINITY ? (torn.at(-1) ?? last) : last;
  const lost = torn.find((barEnd) => hasEnded || barEnd < open);
  if (lost !== undefined) {
    const lacking = own.findIndex((bars) => !bars.has(lost));
    const having = own.findIndex((bars) => bars.has(lost));
    throw lostBar(runDir, lost, {
      lacking: streams[lacking],
      having: streams[having],
      isLast: lost > last,
    });
  }
  return new Set(all.filter(isWhole));
}

/**
 * Checks that each bar of a stream before `last` is in another stream too: what was decided at it
 * would not be seen.
 *
 * @param last of the whole bars; Infinity: all bars of a run that ended
 * @throws ReckonError `bad-data` naming the stream that lacks the bar
 */
export function checkNoneLost(
  runDir: string,
  last: EpochMs,
  {having, lacking}: {readonly having: StreamBars; readonly lacking: StreamBars},
): void {
  const known = new Set(lacking.times.map(({barEnd}) => barEnd));
  const lost = having.times.find(({barEnd}) => barEnd < last && !known.has(barEnd));
  if (lost !== undefined) {
    const isLast = last === Number.POSITIVE_INFINITY && having.times.at(-1) === lost;
    throw lostBar(runDir, lost.barEnd, {lacking, having, isLast});
  }
}

interface LostBar {
  readonly lacking: StreamBars | undefined;
  readonly having: StreamBars | undefined;
  /** No later bar is known. */
  readonly isLast?: boolean;
}

function lostBar(
  runDir: string,
  barEnd: EpochMs,
  {lacking, having, isLast = false}: LostBar,
): ReckonError {
  return new ReckonError("bad-data", {
    place: join(runDir, lacking?.dir ?? ""),
    expected: `a record of the bar ${formatStamp(barEnd)} UTC, as in ${having?.dir}`,
    found: isLast ? "none, though the run has ended" : "none, though later bars were recorded",
    fix: "restore the file or run again",
  });
}
