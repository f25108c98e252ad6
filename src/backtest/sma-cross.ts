import type {EventStrategy} from "./event-strategy.js";

/**
 * A strategy to learn from and to measure with: long while the fast mean of the closes is above the
 * slow one, short while it is below.
 *
 * It trades when the means cross, not before the first crossing; means that are equal are no
 * crossing. Both are simple means of the last `fast` and `slow` closes.
 *
 * @param size held long or short, in units of the instrument
 */
export function smaCross({
  instrumentId,
  fast,
  slow,
  size,
}: {
  readonly instrumentId: string;
  readonly fast: number;
  readonly slow: number;
  readonly size: number;
}): EventStrategy {
  const fastMean = runningMean(fast);
  const slowMean = runningMean(slow);
  let side = 0;
  return {
    onBar(bars, desk) {
      const bar = bars.find((each) => each?.instrumentId === instrumentId);
      if (bar === undefined) {
        return;
      }
      const now = Math.sign(fastMean(bar.close) - slowMean(bar.close)) || side;
      if (side !== 0 && now !== side) {
        desk.orderTo(instrumentId, now * size);
      }
      side = now;
    },
  };
}

/**
 * The mean of the last `count` values given; NaN before there are as many.
 *
 * What rounding takes from the running sum is summed apart (Neumaier): means that are equal on
 * paper come out equal after a million bars.
 */
function runningMean(count: number): (value: number) => number {
  const last = new Float64Array(count);
  let [seen, sum, lost] = [0, 0, 0];
  const add = (x: number): void => {
    const total = sum + x;
    lost += Math.abs(sum) >= Math.abs(x) ? sum - total + x : x - total + sum;
    sum = total;
  };
  return (value) => {
    const at = seen % count;
    add(-(last[at] as number));
    add(value);
    last[at] = value;
    seen += 1;
    return seen < count ? Number.NaN : (sum + lost) / count;
  };
}
