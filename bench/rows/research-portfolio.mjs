import {writeFileSync} from "node:fs";
import {join} from "node:path";
import {callPeer, compareWithPeer} from "../peers/call.mjs";

/** 100 names x 100,000 bars, cross-sectional, bar metrics only. */
export const row = {
  name: "research portfolio, 100 names x 100,000 bars",
  target: "<= 0.4 s",
  limitMs: 400,
  repeat: 3,
  async prepare(scratch) {
    const evaluator = await import("../../dist/src/finance/research/forecast-evaluator.js");
    const {makeFrame} = await import("../../dist/src/table/frame.js");
    return {scratch, inputs: randomInputs(makeFrame), ...evaluator};
  },
  run: ({evaluateForecastStatistics, inputs}) => evaluateForecastStatistics(inputs, PARAMS),
  check: checkStatistics,
  note(ms, {scratch, inputs, evaluateForecastStatistics}) {
    const {columns, data} = evaluateForecastStatistics(inputs, PARAMS);
    const total = (name) => data[columns.indexOf(name)].subarray(2).reduce((sum, x) => sum + x, 0);
    const names = ["pnl", "gross_volume", "gmv"];
    const values = Object.fromEntries(names.map((name) => [name, total(name)]));
    for (const [name, frame] of Object.entries(inputs)) {
      writeFileSync(join(scratch, `${name}.f64`), Buffer.concat(frame.data.map(bytesOf)));
    }
    const args = [scratch, BARS, NAMES, PARAMS.targets.targetGmv].map(String);
    const peer = callPeer("research_portfolio.py", args);
    return compareWithPeer("pandas", {ms, values, tolerance: 1e-6}, peer);
  },
};

const bytesOf = ({buffer, byteOffset, byteLength}) => Buffer.from(buffer, byteOffset, byteLength);

const BARS = 100_000;
const NAMES = 100;
const PARAMS = {
  targets: {style: "cross_sectional", targetGmv: 1e6},
  liquidateAtEndOfDay: false,
  initializeBeginningOfDayTradesToZero: false,
  burnInBars: 0,
};

/** Prices that walk, volatilities and predictions that do not; a fixed seed. */
function randomInputs(makeFrame) {
  let state = 1;
  const random = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648 - 0.5;
  };
  const index = Float64Array.from({length: BARS}, (_, t) => 1_600_000_000_000 + t * 300_000);
  const columns = Array.from({length: NAMES}, (_, j) => `N${j}`);
  const frame = (cell) =>
    makeFrame(
      index,
      columns,
      columns.map(() => {
        let last = 100;
        return Float64Array.from({length: BARS}, () => {
          last = cell(last);
          return last;
        });
      }),
    );
  return {
    price: frame((last) => last * (1 + 0.002 * random())),
    volatility: frame(() => 0.001 + 0.001 * (random() + 0.5)),
    prediction: frame(() => random()),
  };
}

/** The metrics are, to the bit, those of the portfolio with all its frames; and the GMV is met. */
function checkStatistics(statistics, {inputs, evaluateForecasts}) {
  const whole = evaluateForecasts(inputs, PARAMS).statistics;
  const isSame = statistics.data.every((column, j) =>
    column.every((value, t) => Object.is(value, whole.data[j][t])),
  );
  const gmv = statistics.data[statistics.columns.indexOf("gmv")];
  const isMet = gmv.subarray(5).every((value) => Math.abs(value / 1e6 - 1) < 0.01);
  return isSame && isMet ? undefined : "not the metrics of the whole research portfolio";
}
