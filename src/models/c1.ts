import {createDag} from "../dag/dag.js";
import {defineNode, type Node} from "../dag/node.js";
import {zscoreRows} from "../stats/rank/cross-section.js";
import {rollingMean, rollingStdev} from "../stats/rolling/rolling.js";
import {forwardFill} from "../stats/series/forward-fill.js";
import {logReturns} from "../stats/series/lag.js";
import {type Frame, filledFrame, mapCells, sliceRows, zipCells} from "../table/frame.js";
import {featureOf, panelOf} from "../table/panel.js";
import {inBarsOf, lastOf, nodeParams, sumOf} from "./features.js";
import type {Model} from "./model.js";

/** A close is carried over at most this many missing bars; after that the name is stale. */
const STALE_AFTER_BARS = 3;

/** Cross-sectional: four signals, each in units of volatility, ranked against the other names. */
export const c1: Model = {
  id: "C1",
  summary: "cross-sectional: short-term reversal, two momenta, volume surprise",
  fewestInstruments: 2,
  config: {
    dag_config: {
      volatility: {period: "1D"},
      signals: {reversal: "30m", momentum_fast: "1D", momentum_slow: "2D", volume_surprise: "1h"},
      predict: {reversal: 1, momentum_fast: 1, momentum_slow: 1, volume_surprise: 0.5},
    },
    // The slow momentum's two days, and a few bars to spare.
    market_data_config: {history_lookback: "49h"},
    process_forecasts_node_dict: {
      process_forecasts_dict: {
        optimizer_config: {params: {kwargs: {volatility_lower_bound: 0.001}}},
      },
    },
  },
  dag(params, barMs) {
    const signals = nodeParams(params, "signals");
    const bars: SignalBars = {
      volatility: nodeParams(params, "volatility").bars("period", barMs),
      reversal: signals.bars("reversal", barMs),
      momentumFast: signals.bars("momentum_fast", barMs),
      momentumSlow: signals.bars("momentum_slow", barMs),
      volume: signals.bars("volume_surprise", barMs),
    };
    const warmUp = Math.max(...Object.values(bars));
    const weight = nodeParams(params, "predict").number;
    return createDag([
      readData(barMs),
      returns,
      volatility(bars.volatility, warmUp),
      signalsNode(bars, warmUp),
      predict(warmUp, {
        reversal: weight("reversal"),
        momentum_fast: weight("momentum_fast"),
        momentum_slow: weight("momentum_slow"),
        volume_surprise: weight("volume_surprise"),
      }),
    ]);
  },
};

/** Look-backs in bars. */
interface SignalBars {
  readonly volatility: number;
  readonly reversal: number;
  readonly momentumFast: number;
  readonly momentumSlow: number;
  readonly volume: number;
}

/** A market of shorter bars than the trading period is gathered into bars of that length. */
function readData(barMs: number): Node {
  return defineNode({
    id: "read_data",
    inputs: {market: "market"},
    lookbackRows: {market: STALE_AFTER_BARS + 1},
    predict: ({market}) => {
      const bars = inBarsOf(market, barMs, {
        close: {of: ["close"], by: lastOf},
        volume: {of: ["volume"], by: sumOf},
      });
      return panelOf({
        close: forwardFill(featureOf(bars, "close"), STALE_AFTER_BARS),
        volume: featureOf(bars, "volume"),
      });
    },
  });
}

/** From the second row on: the first has none before it. */
const returns = defineNode({
  id: "returns",
  inputs: {bars: "read_data"},
  lookbackRows: {bars: 2},
  predict: ({bars}) => panelOf({return: sliceRows(logReturns(featureOf(bars, "close")), 1)}),
});

/** Standard deviation of the bar returns over the period, at least half of them known; the rows
 * before the longest look-back is full are left out. */
function volatility(window: number, warmUp: number): Node {
  return defineNode({
    id: "volatility",
    inputs: {returns: "returns"},
    lookbackRows: {returns: warmUp},
    predict: ({returns}) => {
      const rolled = rolledFrom(warmUp - 1, featureOf(returns, "return"), {
        roll: rollingStdev,
        window,
      });
      return panelOf({volatility: rolled});
    },
  });
}

/** A rolling statistic over the rows from `warmUp` on, at least half of each window known. */
function rolledFrom(
  warmUp: number,
  frame: Frame,
  {roll, window}: {readonly roll: typeof rollingMean; readonly window: number},
): Frame {
  const firstRow = window - 1;
  const read = sliceRows(frame, warmUp - firstRow);
  return sliceRows(roll(read, {window, minPeriods: Math.ceil(window / 2), firstRow}), firstRow);
}

/** Each signal is a return over its horizon in units of that horizon's volatility; the volume
 * surprise is the recent such return times how unusual its volume was. */
function signalsNode(bars: SignalBars, warmUp: number): Node {
  return defineNode({
    id: "signals",
    inputs: {bars: "read_data", volatility: "volatility"},
    lookbackRows: {bars: warmUp + 1, volatility: 1},
    predict: ({bars: market, volatility: risk}) => {
      const close = featureOf(market, "close");
      const vol = featureOf(risk, "volatility");
      const scaled = (horizon: number): Frame =>
        zipCells(
          sliceRows(logReturns(sliceRows(close, warmUp - horizon), horizon), horizon),
          vol,
          (r, v) => r / (v * Math.sqrt(horizon)),
        );
      const unusual = volumeRatio(featureOf(market, "volume"), bars, warmUp);
      return panelOf({
        reversal: mapCells(scaled(bars.reversal), (x) => -x),
        momentum_fast: scaled(bars.momentumFast),
        momentum_slow: scaled(bars.momentumSlow),
        volume_surprise: zipCells(unusual, scaled(bars.volume), (v, r) => v * r),
      });
    },
  });
}

/** ln of the mean volume over the short window against the mean over a day's; 0 without volume. */
function volumeRatio(volume: Frame, bars: SignalBars, warmUp: number): Frame {
  const mean = (window: number): Frame => rolledFrom(warmUp, volume, {roll: rollingMean, window});
  return zipCells(mean(bars.volume), mean(bars.volatility), (recent, usual) =>
    recent > 0 && usual > 0 ? Math.log(recent / usual) : 0,
  );
}

/** The weighted mean of the signals' z-scores across names: who is expected to beat whom. */
function predict(warmUp: number, weights: Readonly<Record<string, number>>): Node {
  return defineNode({
    id: "predict",
    inputs: {bars: "read_data", volatility: "volatility", signals: "signals"},
    lookbackRows: {bars: warmUp + 1, volatility: 1, signals: 1},
    predict: ({bars, volatility: risk, signals}) => {
      const total = Object.values(weights).reduce((sum, weight) => sum + Math.abs(weight), 0);
      const prediction = Object.entries(weights).reduce(
        (sum, [name, weight]) =>
          zipCells(sum, zscoreRows(featureOf(signals, name)), (a, z) => a + (weight * z) / total),
        filledFrame(signals, 0),
      );
      const warmUp = bars.index.length - signals.index.length;
      return panelOf({
        close: sliceRows(featureOf(bars, "close"), warmUp),
        volatility: featureOf(risk, "volatility"),
        prediction,
      });
    },
  });
}
