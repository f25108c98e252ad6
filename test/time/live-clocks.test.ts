import {describe, expect, it} from "vitest";
import type {Clock} from "../../src/time/clock.js";
import {MINUTE_MS, SECOND_MS} from "../../src/time/epoch.js";
import {type ClockJump, forwardClock} from "../../src/time/forward-clock.js";
import {formatClockScale, parseClockScale, scaledClock} from "../../src/time/scaled-clock.js";
import {SimulatedClock} from "../../src/time/simulated-clock.js";

const REAL_START = Date.UTC(2026, 0, 2, 8);
const START = Date.UTC(2025, 8, 1);

describe("scaledClock", () => {
  it("passes a minute in a second at 60", async () => {
    const base = new SimulatedClock(REAL_START);
    const clock = scaledClock({start: START, realStart: REAL_START, speed: 60}, base);
    expect(clock.now()).toBe(START);
    await clock.sleepUntil(START + 5 * MINUTE_MS);
    expect(base.now()).toBe(REAL_START + 5 * SECOND_MS);
    expect(clock.now()).toBe(START + 5 * MINUTE_MS);
  });

  it("never wakes too early, whatever the speed", async () => {
    for (const speed of [0.3, 1, 7, 60, 999]) {
      const base = new SimulatedClock(REAL_START);
      const clock = scaledClock({start: START, realStart: REAL_START, speed}, base);
      for (const wait of [1, 17, 1_001, 61_003]) {
        const time = clock.now() + wait;
        await clock.sleepUntil(time);
        expect(clock.now()).toBeGreaterThanOrEqual(time);
      }
    }
  });

  it("reads before its start too", () => {
    const base = new SimulatedClock(REAL_START - SECOND_MS);
    const clock = scaledClock({start: START, realStart: REAL_START, speed: 60}, base);
    expect(clock.now()).toBe(START - MINUTE_MS);
  });

  it("is written and read as text", () => {
    const text = "20250901_000000@20260102_080000x60";
    expect(parseClockScale(text, "--clock")).toEqual({
      start: START,
      realStart: REAL_START,
      speed: 60,
    });
    expect(formatClockScale(parseClockScale(text, "--clock"))).toBe(text);
    expect(() => parseClockScale("60", "--clock")).toThrow("--clock: expected START@REAL_START");
    expect(() => parseClockScale(`${text.slice(0, -2)}0`, "--clock")).toThrow("--clock: expected");
  });
});

/** A clock whose readings are given one by one; the last one stays. */
function readings(...times: number[]): Clock & {slept: number[]} {
  const slept: number[] = [];
  const now = () => (times.length > 1 ? (times.shift() as number) : (times[0] as number));
  return {
    now,
    slept,
    async sleepUntil(time) {
      slept.push(time);
    },
  };
}

describe("forwardClock", () => {
  it("stands still while the machine's clock is behind, and says so once per jump", () => {
    const jumps: ClockJump[] = [];
    const clock = forwardClock(readings(100, 200, 150, 160, 210, 205, 300), (jump) =>
      jumps.push(jump),
    );
    const read = Array.from({length: 7}, () => clock.now());
    expect(read).toEqual([100, 200, 200, 200, 210, 210, 300]);
    expect(jumps).toEqual([
      {held: 200, backMs: 50},
      {held: 210, backMs: 5},
    ]);
  });

  it("sleeps on when it was woken before its time", async () => {
    const base = readings(100, 90, 95, 200);
    const clock = forwardClock(base, () => {});
    await clock.sleepUntil(150);
    expect(base.slept).toEqual([150, 150, 150]);
    expect(clock.now()).toBe(200);
  });

  it("wakes when it is told to stop", async () => {
    const stop = new AbortController();
    stop.abort(new Error("stop"));
    const clock = forwardClock(new SimulatedClock(0), () => {});
    await expect(clock.sleepUntil(10, stop.signal)).rejects.toThrow("stop");
  });
});
