// A model of your own. Change it; `reckon.config.yaml` beside its folder names it.
//
//   reckon model check MODEL_ID     builds it, runs it, and says what is missing before it trades

import {
  createDag,
  defineNode,
  featureOf,
  forwardFill,
  logReturns,
  mapCells,
  nodeParams,
  panelOf,
  rollingStdev,
  zipCells,
  zscoreRows,
} from "reckon";

/**
 * What moved most over the last hour, against the other names, is expected to come back.
 *
 * @type {import("reckon").Model}
 */
export const model = {
  id: "MODEL_ID",
  summary: "cross-sectional reversal of the last hour's return",
  // Names are ranked against each other: alone, one has nothing to say.
  fewestInstruments: 2,
  config: {
    // Every number a node uses stands here: it is saved with each run and can be overridden.
    dag_config: {
      volatility: {period: "12h"},
      predict: {horizon: "1h"},
    },
    // The longest look-back of any node, and a few bars to spare.
    market_data_config: {timeframe: "5m", history_lookback: "14h"},
    process_forecasts_node_dict: {
      price_col: "close",
      volatility_col: "volatility",
      prediction_col: "prediction",
    },
  },
  dag(params, barMs) {
    const volatilityBars = nodeParams(params, "volatility").bars("period", barMs);
    const horizonBars = nodeParams(params, "predict").bars("horizon", barMs);
    return createDag([
      defineNode({
        id: "read_data",
        inputs: {market: "market"},
        predict: ({market}) => panelOf({close: forwardFill(featureOf(market, "close"), 3)}),
      }),
      defineNode({
        id: "volatility",
        inputs: {bars: "read_data"},
        predict: ({bars}) =>
          panelOf({
            volatility: rollingStdev(logReturns(featureOf(bars, "close")), {
              window: volatilityBars,
              minPeriods: Math.ceil(volatilityBars / 2),
            }),
          }),
      }),
      // The last node puts out the three columns that the config above names.
      defineNode({
        id: "predict",
        inputs: {bars: "read_data", risk: "volatility"},
        predict: ({bars, risk}) => {
          const close = featureOf(bars, "close");
          const volatility = featureOf(risk, "volatility");
          const moved = zipCells(logReturns(close, horizonBars), volatility, (r, v) => r / v);
          return panelOf({close, volatility, prediction: mapCells(zscoreRows(moved), (z) => -z)});
        },
      }),
    ]);
  },
};
