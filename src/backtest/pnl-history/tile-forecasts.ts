import type {SystemConfig} from "../../config/system-config.js";
import {ReckonError} from "../../errors.js";
import {netPnl} from "../../finance/pnl/net-pnl.js";
import {inferInstrument} from "../../market/instruments/instrument.js";
import {readColumns, sqlText} from "../../market/parquet/duck-db.js";
import {findModel} from "../../models/registry.js";
import {usualStep} from "../../stats/series/usual-step.js";
import {systemConfigOf} from "../../system/run/system-config-of.js";
import {columnOf, type Frame, makeFrame, selectRows} from "../../table/frame.js";
import {panelOf} from "../../table/panel.js";
import {formatTimeframe} from "../../time/bar-grid.js";
import {HOUR_MS} from "../../time/epoch.js";
import {tradingPeriod} from "../history-portfolio.js";
import {evaluatePanel} from "../research-portfolio.js";
import {type PnlHistory, toPnlHistory} from "./pnl-history.js";
import type {TileTable} from "./tile-table.js";

/**
 * What a model's tiles of prices, volatilities and predictions would have earned: its research
 * portfolio over all of them at once.
 *
 * @throws ReckonError `misuse` without a model; `bad-data` when a column that it needs is missing
 */
export async function evaluateTiles(tiles: TileTable, modelId?: string): Promise<PnlHistory> {
  const {root, assets, columns} = tiles;
  if (modelId === undefined) {
    throw new ReckonError("misuse", {
      place: root,
      expected: "a column pnl or net_pnl, or a model that says how forecasts become positions",
      found: columns.join(", "),
      fix: "add --model",
    });
  }
  const config = configOf(modelId, tiles, HOUR_MS);
  const {price_col, volatility_col, prediction_col} = config.process_forecasts_node_dict;
  const names = [price_col, volatility_col, prediction_col];
  const missing = names.filter((name) => !columns.includes(name));
  if (missing.length > 0) {
    throw new ReckonError("bad-data", {
      place: root,
      expected: `a column pnl or net_pnl, or ${names.join(", ")} as ${modelId} names them`,
      found: columns.join(", "),
    });
  }
  const series: Frame[] = [];
  for (const asset of assets) {
    series.push(await readAsset(tiles, asset, names));
  }
  const index = Float64Array.from(new Set(series.flatMap((frame) => [...frame.index]))).sort();
  const frames = series.map((frame) => selectRows(frame, index));
  const features = names.map((name): [string, Frame] => [
    name,
    makeFrame(
      index,
      assets,
      frames.map((frame) => columnOf(frame, name)),
    ),
  ]);
  const barMs = usualStep(index);
  const {statistics} = evaluatePanel(
    panelOf(Object.fromEntries(features)),
    configOf(modelId, tiles, barMs),
    assets.map((id) => inferInstrument({id, ...UNLIMITED})),
  );
  return toPnlHistory(
    root,
    {time: statistics.index, netPnl: netPnl(statistics), gmv: columnOf(statistics, "gmv")},
    [`The tiles hold forecasts of ${modelId}: its research portfolio was computed from them.`],
  );
}

/** Tiles do not say how shares are rounded: as good as not at all. */
const UNLIMITED = {venue: "tiles", kind: "linear", priceDecimals: 8, volumeDecimals: 8} as const;

function configOf(modelId: string, {assets}: TileTable, barMs: number): SystemConfig {
  const timeframe = formatTimeframe(barMs);
  return systemConfigOf(
    findModel(modelId),
    {runMode: "simulation", exchange: "tiles", timeframe, instrumentIds: assets},
    tradingPeriod(barMs),
  );
}

async function readAsset(
  {connection, table, time, assetColumn}: TileTable,
  asset: string,
  names: readonly string[],
): Promise<Frame> {
  const cells = names.map((name) => `coalesce("${name}"::DOUBLE, 'NaN'::DOUBLE)`);
  const [index, ...data] = await readColumns(
    connection,
    `SELECT ${time} AS t, ${cells.join(", ")} FROM ${table}
      WHERE "${assetColumn}"::VARCHAR = ${sqlText(asset)} ORDER BY t`,
  );
  return makeFrame(index as Float64Array, names, data);
}
