import {createDag} from "../dag/dag.js";
import {defineNode, type Node} from "../dag/node.js";
import {lag, logReturns} from "../stats/series/lag.js";
import {filledFrame, mapCells, zipCells} from "../table/frame.js";
import {featureOf, panelOf, withFeatures} from "../table/panel.js";
import {parseTimeOfDay} from "../time/zone.js";
import {
  blankOutside,
  lastOf,
  mapKnown,
  meanOf,
  nodeParams,
  resampleBars,
  weightedMeanOf,
} from "./features.js";
import type {Model} from "./model.js";

const LAGS = [0, 1, 2, 3];

/** The reference's toy: one-minute bars with a ready-made signal, traded every five minutes. */
export const mock1: Model = {
  id: "mock1",
  aliases: ["Mock1"],
  summary: "the reference's toy system: trades the sign of a given feature",
  config: {
    dag_config: {
      filter_ath: {start_time: "09:30:00", end_time: "16:00:00", timezone: "America/New_York"},
      predict: {lag0: -0.209, lag1: -0.223, lag2: 0.304, lag3: -0.264},
    },
    market_data_config: {
      timeframe: "1m",
      asset_ids: ["101"],
      history_lookback: "7D",
      delay_in_secs: 5,
    },
    portfolio_config: {pricing_method: "twap.5T"},
    process_forecasts_node_dict: {
      price_col: "vwap",
      volatility_col: "vwap.ret_0.vol",
      prediction_col: "feature1",
      process_forecasts_dict: {
        optimizer_config: {asset_class: "equities", params: {kwargs: {target_gmv: 100_000}}},
        timezone: "America/New_York",
        ath_start_time: "09:30:00",
        trading_start_time: "09:30:00",
        trading_end_time: "15:55:00",
        ath_end_time: "16:00:00",
        share_quantization: 9,
      },
    },
  },
  dag(params, barMs) {
    const ath = nodeParams(params, "filter_ath");
    const hours = {
      start: parseTimeOfDay(ath.text("start_time")),
      end: parseTimeOfDay(ath.text("end_time")),
      zone: ath.text("timezone"),
    };
    const weights = LAGS.map((k) => nodeParams(params, "predict").number(`lag${k}`));
    return createDag([
      readData,
      defineNode({
        id: "filter_ath",
        inputs: {bars: "read_data"},
        predict: ({bars}) => blankOutside(bars, hours),
      }),
      resample(barMs),
      computeReturns,
      computeVolatility,
      adjustReturns,
      compressReturns,
      addLags,
      predict(weights),
      defineNode({
        id: "process_forecasts",
        inputs: {forecasts: "predict"},
        predict: ({forecasts}) => forecasts,
      }),
    ]);
  },
};

const readData = defineNode({
  id: "read_data",
  inputs: {market: "market"},
  predict: ({market}) =>
    panelOf({
      close: featureOf(market, "close"),
      feature1: featureOf(market, "feature1"),
      volume: featureOf(market, "volume"),
    }),
});

function resample(barMs: number): Node {
  return defineNode({
    id: "resample",
    inputs: {bars: "filter_ath"},
    predict: ({bars}) =>
      resampleBars(bars, barMs, {
        close: {of: ["close"], by: lastOf},
        feature1: {of: ["feature1"], by: meanOf},
        twap: {of: ["close"], by: meanOf},
        vwap: {of: ["close", "volume"], by: weightedMeanOf},
      }),
  });
}

const computeReturns = defineNode({
  id: "compute_ret_0",
  inputs: {bars: "resample"},
  predict: ({bars}) =>
    withFeatures(bars, {
      "close.ret_0": logReturns(featureOf(bars, "close")),
      "twap.ret_0": logReturns(featureOf(bars, "twap")),
      "vwap.ret_0": logReturns(featureOf(bars, "vwap")),
    }),
});

/** |r[t] - r[t-1]| / 2 over the known returns: the normalised depth-1 stationary Haar detail,
 * indexed by the time it is known; the first two have none. */
const computeVolatility = defineNode({
  id: "compute_vol",
  inputs: {returns: "compute_ret_0"},
  predict: ({returns}) =>
    withFeatures(returns, {
      "vwap.ret_0.vol": mapKnown(featureOf(returns, "vwap.ret_0"), (known) =>
        known.map((r, k) => (k < 2 ? Number.NaN : Math.abs(r - (known[k - 1] as number)) / 2)),
      ),
    }),
});

const adjustReturns = defineNode({
  id: "adjust_rets",
  inputs: {returns: "compute_vol"},
  predict: ({returns}) =>
    withFeatures(returns, {
      "vwap.ret_0.vol_adj": zipCells(
        featureOf(returns, "vwap.ret_0"),
        lag(featureOf(returns, "vwap.ret_0.vol"), 2),
        (r, vol) => r / vol,
      ),
    }),
});

const compressReturns = defineNode({
  id: "compress_rets",
  inputs: {returns: "adjust_rets"},
  predict: ({returns}) =>
    withFeatures(returns, {
      "vwap.ret_0.vol_adj.c": mapCells(
        featureOf(returns, "vwap.ret_0.vol_adj"),
        (x) => 4 * Math.tanh(x / 4),
      ),
    }),
});

const addLags = defineNode({
  id: "add_lags",
  inputs: {returns: "compress_rets"},
  predict: ({returns}) => {
    const compressed = featureOf(returns, "vwap.ret_0.vol_adj.c");
    const lags = LAGS.map((k) => [`vwap.ret_0.vol_adj.c.lag${k}`, lag(compressed, k)]);
    return withFeatures(returns, Object.fromEntries(lags));
  },
});

function predict(weights: readonly number[]): Node {
  return defineNode({
    id: "predict",
    inputs: {lags: "add_lags"},
    predict: ({lags}) => {
      const zero = filledFrame(lags, 0);
      const prediction = weights.reduce(
        (sum, weight, k) =>
          zipCells(sum, featureOf(lags, `vwap.ret_0.vol_adj.c.lag${k}`), (a, b) => a + weight * b),
        zero,
      );
      return withFeatures(lags, {prediction});
    },
  });
}
