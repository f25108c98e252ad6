import {join} from "node:path";
import {commandsOf} from "./commands.mjs";

/** Midnight at which every drill's run starts, on the accelerated clock. */
const START = Date.UTC(2025, 8, 1);
const HOUR = 3_600_000;
const MINUTE = 60_000;

/** Machine time for three processes to start and for the history to be stored. */
const SET_UP_MS = 25_000;

/** C1 looks back 49 hours. */
const HISTORY_HOURS = 50;

/** Names, times and command lines of one drill. */
export function planOf({dir, hours, speed, assets, overrides}) {
  const realStart = Math.floor(Date.now() / 1_000) * 1_000;
  const clockStart = Math.floor((START - SET_UP_MS * speed) / MINUTE) * MINUTE;
  const end = START + hours * HOUR;
  const root = join(dir, "runs");
  const replayDir = join(dir, "replay");
  const runDir = `C1/paper_trading/manual/${stamp(START)}.${stamp(end)}/system_log_dir`;
  return {
    speed,
    start: stamp(START),
    startMs: START,
    endMs: end,
    bars: (hours * HOUR) / (5 * MINUTE),
    historyBars: HISTORY_HOURS * 60,
    /** A run that has not ended so long after it should have is stopped. */
    deadlineMs: SET_UP_MS + (end - START) / speed + 60_000,
    realMsUntil: (time) => realStart + (time - clockStart) / speed - Date.now(),
    liveDir: join(root, "system_reconciliation", runDir),
    replayDir,
    ...commandsOf({
      ...{dir, root, replayDir, overrides, assets, hours, historyHours: HISTORY_HOURS},
      scale: `${stamp(clockStart)}@${stamp(realStart)}x${speed}`,
      interval: ["--start-timestamp", stamp(START), "--end-timestamp", stamp(end)],
    }),
  };
}

/** `YYYYMMDD_HHMMSS`, UTC. */
function stamp(time) {
  return new Date(time).toISOString().slice(0, 19).replace("T", "_").replace(/[-:]/g, "");
}
