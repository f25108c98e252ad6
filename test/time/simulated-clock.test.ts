import {describe, expect, it} from "vitest";
import {barEnds, ceilToBar, floorToBar, parsePeriod} from "../../src/time/bar-grid.js";
import {formatStamp, MINUTE_MS, parseStamp} from "../../src/time/epoch.js";
import {replayClock} from "../../src/time/replay-clock.js";
import {SimulatedClock} from "../../src/time/simulated-clock.js";
import {formatUtc, parseUtc} from "../../src/time/utc-text.js";
import {parseTimeOfDay, timeOfDayIn} from "../../src/time/zone.js";

describe("SimulatedClock", () => {
  it("jumps to the next wake-up and interleaves tasks in one way only", async () => {
    const clock = new SimulatedClock(0);
    const log: string[] = [];
    const task = (name: string, step: number) => async () => {
      for (let n = 1; n <= 3; ++n) {
        await clock.sleepUntil(n * step);
        log.push(`${name}@${clock.now()}`);
      }
    };
    await clock.run(task("a", 10), task("b", 15));
    expect(log).toEqual(["a@10", "b@15", "a@20", "b@30", "a@30", "b@45"]);
  });

  it("stands still while a task does something else than sleep", async () => {
    const clock = new SimulatedClock(0);
    const seen: number[] = [];
    await clock.run(
      async () => {
        await clock.sleepUntil(5);
        seen.push(clock.now());
      },
      async () => {
        for (let n = 0; n < 20; ++n) {
          await new Promise((resolve) => setImmediate(resolve));
        }
        seen.push(clock.now());
        await clock.sleepUntil(3);
      },
    );
    expect(seen).toEqual([0, 5]);
  });

  it("throws what a task threw, after the others have ended", async () => {
    const clock = new SimulatedClock(0);
    let isDone = false;
    const run = clock.run(
      async () => {
        throw new Error("broken");
      },
      async () => {
        await clock.sleepUntil(7);
        isDone = true;
      },
    );
    await expect(run).rejects.toThrow("broken");
    expect(isDone).toBe(true);
  });

  it("rejects a sleeper whose signal was aborted", async () => {
    const clock = new SimulatedClock(0);
    await expect(clock.sleepUntil(1, AbortSignal.abort(new Error("stop")))).rejects.toThrow("stop");
  });
});

describe("replayClock", () => {
  it("reads recorded time and runs as fast as its loop", async () => {
    const loop = new SimulatedClock(1_000);
    const clock = replayClock(500_000, loop);
    expect(clock.now()).toBe(500_000);
    await clock.sleepUntil(500_250);
    expect([clock.now(), loop.now()]).toEqual([500_250, 1_250]);
  });
});

describe("bar grid", () => {
  const start = parseStamp("20250901_000000");
  it("a run from start to end handles the bars that end in (start, end]", () => {
    const ends = barEnds(start, start + 24 * 60 * MINUTE_MS, 5 * MINUTE_MS);
    expect(ends.length).toBe(288);
    expect(formatStamp(ends[0] as number)).toBe("20250901_000500");
    expect(formatStamp(ends[287] as number)).toBe("20250902_000000");
    expect(barEnds(start, start, 5 * MINUTE_MS).length).toBe(0);
  });

  it("aligns up, and leaves a time on the grid", () => {
    const at = (text: string) => parseUtc(`2023-10-23 ${text}+00:00`);
    expect(ceilToBar(at("15:53:00"), 5 * MINUTE_MS)).toBe(at("15:55:00"));
    expect(ceilToBar(at("15:42:00"), 30 * MINUTE_MS)).toBe(at("16:00:00"));
    expect(ceilToBar(at("15:55:00"), 5 * MINUTE_MS)).toBe(at("15:55:00"));
    expect(floorToBar(at("15:59:59"), 5 * MINUTE_MS)).toBe(at("15:55:00"));
  });

  it.each([
    ["5T", 300_000],
    ["5m", 300_000],
    ["1h", 3_600_000],
    ["10S", 10_000],
    ["7D", 604_800_000],
  ])("period %s", (text, wanted) => {
    expect(parsePeriod(text)).toBe(wanted);
  });

  it.each(["", "5", "m", "0m", "5 weeks", "-5m"])("refuses the period %j", (text) => {
    expect(() => parsePeriod(text)).toThrow(/expected a period such as 5m/);
  });
});

describe("stamps", () => {
  it.each(["2025-09-01", "20250931_000000", "20250901_246000", "20250901", "now"])(
    "refuses %s with the form to write",
    (text) => {
      expect(() => parseStamp(text, "--start-timestamp")).toThrow(
        /--start-timestamp: expected a UTC time as YYYYMMDD_HHMMSS, found .*20250901_000000/,
      );
    },
  );

  it("times with any offset read back to the same instant", () => {
    expect(formatUtc(parseUtc("2000-01-01 09:30:05.100000-05:00"))).toBe(
      "2000-01-01 14:30:05.100000+00:00",
    );
    expect(parseUtc("2000-01-01T14:30:00Z")).toBe(parseUtc("2000-01-01 09:30:00-0500"));
    expect(() => parseUtc("2000-01-01 09:30:00")).toThrow(/a UTC offset/);
  });
});

describe("timeOfDayIn", () => {
  it("follows daylight saving: 14:30 UTC is 09:30 or 10:30 in New York", () => {
    const timeOfDay = timeOfDayIn("America/New_York");
    expect(timeOfDay(parseUtc("2000-01-03 14:30:00+00:00"))).toBe(parseTimeOfDay("09:30:00"));
    expect(timeOfDay(parseUtc("2000-07-03 14:30:00+00:00"))).toBe(parseTimeOfDay("10:30"));
  });
});
