import type {DuckDBConnection} from "../../market/parquet/duck-db.js";

/** The tiles of a backtest: one folder per asset, below it years and months. */
export interface Tiles {
  readonly root: string;
  /** Column that the folders are named after: `asset_id`. */
  readonly assetColumn: string;
  readonly assets: readonly string[];
}

/** Tiles that can be asked, and what their rows hold. */
export interface TileTable extends Tiles {
  readonly connection: DuckDBConnection;
  /** All files, as a table of SQL. */
  readonly table: string;
  /** The bar's end in epoch ms, as SQL. */
  readonly time: string;
  readonly columns: readonly string[];
}
