import {createDag} from "../../dist/src/dag/dag.js";
import {defineNode} from "../../dist/src/dag/node.js";
import {zscoreRows} from "../../dist/src/stats/rank/cross-section.js";
import {rollingStdev} from "../../dist/src/stats/rolling/rolling.js";
import {logReturns} from "../../dist/src/stats/series/lag.js";
import {mapCells, sliceRows} from "../../dist/src/table/frame.js";
import {featureOf, panelOf} from "../../dist/src/table/panel.js";

const WINDOW = 12;

/** Three nodes over an hour of bars: next to nothing, so that what remains is the engine. */
export const light = {
  id: "light",
  summary: "reversal of the last bar against the hour's volatility",
  fewestInstruments: 2,
  config: {
    market_data_config: {history_lookback: "70m"},
    process_forecasts_node_dict: {
      process_forecasts_dict: {
        optimizer_config: {params: {kwargs: {volatility_lower_bound: 0.001}}},
      },
    },
  },
  dag: () =>
    createDag([
      defineNode({
        id: "read_data",
        inputs: {market: "market"},
        predict: ({market}) => panelOf({close: featureOf(market, "close")}),
      }),
      defineNode({
        id: "returns",
        inputs: {bars: "read_data"},
        lookbackRows: {bars: 2},
        predict: ({bars}) => panelOf({return: logReturns(featureOf(bars, "close"))}),
      }),
      defineNode({
        id: "predict",
        inputs: {bars: "read_data", returns: "returns"},
        lookbackRows: {bars: 1, returns: WINDOW},
        predict: ({bars, returns}) => {
          const last = (frame) => sliceRows(frame, frame.index.length - 1);
          const moves = featureOf(returns, "return");
          const firstRow = moves.index.length - 1;
          return panelOf({
            close: last(featureOf(bars, "close")),
            volatility: last(rollingStdev(moves, {window: WINDOW, firstRow})),
            prediction: mapCells(zscoreRows(last(moves)), (z) => -z),
          });
        },
      }),
    ]),
};
