import {createDag} from "../dag/dag.js";
import {defineNode, type Node} from "../dag/node.js";
import {zscoreRows} from "../stats/cross-section.js";
import {forwardFill} from "../stats/forward-fill.js";

import {logReturns} from "../stats/lag.js";
import {rollingMean, rollingStdev} from "../stats/rolling.js";
import {type Frame, filledFrame, mapCells, zipCells} from "../table/frame.js";
import {featureOf, panelOf} from "../table/panel.js";
import {nodeParams} from "./features.js";
import type {Model} from "./model.js";

/** A close is carried over at most this many missing bars; after that the name is stale. */
const STALE_AFTER_BARS = 3;

/** Cross-sectional: four signals, each in units of volatility, ranked against the other names. */
export const c1: Model = {
  id: "C1",
  summary: "cross-sectional: short-term reversal, two momenta, volume surprise",
  config: {
    dag_config: {
      volatility: {period: "1D"},
      signals: {reversal: "1h", momentum_fast: "6h", momentum_slow: "1D", volume: "1h"},
      predict: {reversal: 1, momentum_fast: 0.5, momentum_slow: 0.5, volume_surprise: 0.5},
    },
    market_data_config: {history_lookback: "26h"},
    process_forecasts_node_dict: {
      process_forecasts_dict: {
        optimizer_config: {params: {kwargs: {volatility_lower_bound: 0.001}}},
      },
    },
  },
  dag(params, barMs) {
    const signals = nodeParams(params, "signals");
    const weights = nodeParams(params, "predict");
    return createDag([
      readData,
      returns,
      volatility(nodeParams(params, "volatility").bars("period", barMs)),
      signalsNode({
        reversal: signals.bars("reversal", barMs),
        momentumFast: signals.bars("momentum_fast", barMs),
        momentumSlow: signals.bars("momentum_slow", barMs),
        volume: signals.bars("volume", barMs),
        volumeNorm: nodeParams(params, "volatility").bars("period", barMs),
      }),
      predict({
        reversal: weights.number("reversal"),
        momentum_fast: weights.number("momentum_fast"),
        momentum_slow: weights.number("momentum_slow"),
        volume_surprise: weights.number("volume_surprise"),
      }),
    ]);
  },
};

const readData = defineNode({
  id: "read_data",
  inputs: {market: "market"},
  predict: ({market}) =>
    panelOf({
      close: forwardFill(featureOf(market, "close"), STALE_AFTER_BARS),
      volume: featureOf(market, "volume"),
    }),
});

const returns = defineNode({
  id: "returns",
  inputs: {bars: "read_data"},
  predict: ({bars}) => panelOf({return: logReturns(featureOf(bars, "close"))}),
});

/** Standard deviation of the bar returns over the period; at least half of them known. */
function volatility(window: number): Node {
  return defineNode({
    id: "volatility",
    inputs: {returns: "returns"},
    predict: ({returns}) =>
      panelOf({
        volatility: rollingStdev(featureOf(returns, "return"), {
          window,
          minPeriods: Math.ceil(window / 2),
        }),
      }),
  });
}

interface SignalBars {
  readonly reversal: number;
  readonly momentumFast: number;
  readonly momentumSlow: number;
  readonly volume: number;
  readonly volumeNorm: number;
}

/** Each signal is a return over its horizon in units of that horizon's volatility; the volume
 * surprise is the sign-carrying excess of recent over usual volume. */
function signalsNode(bars: SignalBars): Node {
  return defineNode({
    id: "signals",
    inputs: {bars: "read_data", volatility: "volatility"},
    predict: ({bars: market, volatility: risk}) => {
      const close = featureOf(market, "close");
      const vol = featureOf(risk, "volatility");
      const scaled = (horizon: number): Frame =>
        zipCells(logReturns(close, horizon), vol, (r, v) => r / (v * Math.sqrt(horizon)));
      const recent = scaled(bars.volume);
      return panelOf({
        reversal: mapCells(scaled(bars.reversal), (x) => -x),
        momentum_fast: scaled(bars.momentumFast),
        momentum_slow: scaled(bars.momentumSlow),
        volume_surprise: zipCells(
          volumeRatio(featureOf(market, "volume"), bars),
          recent,
          (v, r) => -v * r,
        ),
      });
    },
  });
}

/** ln of the mean volume over the short window against the mean over the long one. */
function volumeRatio(volume: Frame, {volume: short, volumeNorm: long}: SignalBars): Frame {
  const recent = rollingMean(volume, {window: short, minPeriods: Math.ceil(short / 2)});
  const usual = rollingMean(volume, {window: long, minPeriods: Math.ceil(long / 2)});
  return zipCells(recent, usual, (a, b) => (a > 0 && b > 0 ? Math.log(a / b) : 0));
}

/** The weighted mean of the signals' z-scores across names: who is expected to beat whom. */
function predict(weights: Readonly<Record<string, number>>): Node {
  return defineNode({
    id: "predict",
    inputs: {bars: "read_data", volatility: "volatility", signals: "signals"},
    predict: ({bars, volatility: risk, signals}) => {
      const total = Object.values(weights).reduce((sum, weight) => sum + Math.abs(weight), 0);
      const prediction = Object.entries(weights).reduce(
        (sum, [name, weight]) =>
          zipCells(sum, zscoreRows(featureOf(signals, name)), (a, z) => a + (weight * z) / total),
        filledFrame(bars, 0),
      );
      return panelOf({
        close: featureOf(bars, "close"),
        volatility: featureOf(risk, "volatility"),
        prediction,
      });
    },
  });
}
