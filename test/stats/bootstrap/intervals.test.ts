import {describe, expect, it} from "vitest";
import {optimalBlockLength} from "../../../src/stats/bootstrap/block-length.js";
import {bootstrapIntervals} from "../../../src/stats/bootstrap/intervals.js";
import {stationaryRows} from "../../../src/stats/bootstrap/stationary-bootstrap.js";
import {mean} from "../../../src/stats/distribution/moments.js";
import {SeededRandom} from "../../../src/stats/distribution/seeded-random.js";
import {HAS_SHARED, NEEDS_SHARED, readJson} from "../../oracles/shared.js";

const noise = (count: number, seed = 3): Float64Array => {
  const random = new SeededRandom(seed);
  return Float64Array.from({length: count}, () => random.student());
};

/** Each value is four fifths of the one before, and noise. */
const dependent = (count: number): Float64Array => {
  let before = 0;
  return noise(count).map((x) => {
    before = 0.8 * before + x;
    return before;
  });
};

describe("optimalBlockLength", () => {
  // arch 8.0, optimal_block_length(x).stationary: returns of bitcoin, and their absolute values.
  it.skipIf(!HAS_SHARED)(`is what the arch package finds${NEEDS_SHARED}`, () => {
    const {series} = readJson<{series: {BTC: {returns: number[]}}}>(
      "oracles/metrics/cross_implementation_daily_crypto.json",
    );
    const returns = Float64Array.from(series.BTC.returns);
    expect(optimalBlockLength(returns)).toBeCloseTo(2.723294, 6);
    expect(optimalBlockLength(returns.map(Math.abs))).toBeCloseTo(50.161548, 6);
  });

  it("grows with dependence, and is 1 where nothing can be said", () => {
    expect(optimalBlockLength(dependent(1_000))).toBeGreaterThan(
      3 * optimalBlockLength(noise(1_000)),
    );
    expect(optimalBlockLength(new Float64Array(100).fill(2))).toBe(1);
    expect(optimalBlockLength(Float64Array.of(1, 2, 3))).toBe(1);
  });
});

describe("stationaryRows", () => {
  it("makes blocks of the mean length that was asked", () => {
    const rows = stationaryRows(new Int32Array(100_000), 20, new SeededRandom(1));
    const breaks = rows.filter((row, t) => t > 0 && row !== (rows[t - 1]! + 1) % rows.length);
    expect(rows.length / breaks.length).toBeGreaterThan(18);
    expect(rows.length / breaks.length).toBeLessThan(22);
    expect(mean(Float64Array.from(rows)) / 50_000).toBeCloseTo(1, 1);
  });
});

describe("bootstrapIntervals", () => {
  const meanOf = ([x]: readonly Float64Array[]) => [mean(x!)];

  it("is the same for a seed and another for another", () => {
    const data = noise(300);
    const [a, b, c] = [1, 1, 2].map((seed) => bootstrapIntervals([data], meanOf, {seed}));
    expect(a).toEqual(b);
    expect(a).not.toEqual(c);
  });

  it("is wider where values depend on each other, as a mean of fewer is", () => {
    const data = dependent(2_000);
    const width = (blockLength?: number): number => {
      const options = blockLength === undefined ? {} : {blockLength};
      const [found] = bootstrapIntervals([data], meanOf, options).intervals;
      return found!.high - found!.low;
    };
    expect(width()).toBeGreaterThan(1.8 * width(1));
  });

  it("resamples columns together", () => {
    const data = noise(100);
    const differ = ([x, y]: readonly Float64Array[]) => [mean(x!.map((v, t) => v - y![t]!))];
    const [found] = bootstrapIntervals([data, data.slice()], differ).intervals;
    expect(found).toEqual({low: 0, high: 0});
  });

  it("has no interval of fewer than ten rows, nor of what is seldom defined", () => {
    const none = {low: Number.NaN, high: Number.NaN};
    expect(bootstrapIntervals([noise(9)], meanOf).intervals).toEqual([none]);
    expect(bootstrapIntervals([noise(50)], () => [Number.NaN]).intervals).toEqual([none]);
  });
});
