import {type ExchangeSettings, openExchange} from "../../market/exchange/exchange-client.js";
import {
  type FetchOptions,
  type FetchReport,
  fetchOhlcv,
} from "../../market/exchange/fetch-ohlcv.js";
import {sqlTarget} from "../../market/exchange/sql-target.js";
import {parsePeriod} from "../../time/bar-grid.js";
import {openSharedStore} from "../shared-store.js";

/** What to fetch, and into which store. */
export interface FetchRequest extends Omit<FetchOptions, "client" | "target">, ExchangeSettings {
  /** The Parquet store of the data folder, or the SQL store. */
  readonly to: "parquet" | "sql";
}

/**
 * Fetches history from an exchange into the Parquet store or into the SQL store that
 * `RECKON_DATABASE_URL` or the data folder names.
 *
 * @throws ReckonError as {@link fetchOhlcv} and {@link openSharedStore} do
 */
export async function fetchMarket(request: FetchRequest): Promise<FetchReport> {
  const {exchange, timeframe, clock, dataDir, to} = request;
  const client = await openExchange(exchange, request);
  if (to === "parquet") {
    return fetchOhlcv({...request, client});
  }
  const store = await openSharedStore(dataDir);
  try {
    const place = {exchange, barMs: parsePeriod(timeframe), clock};
    return await fetchOhlcv({...request, client, target: sqlTarget(store, place)});
  } finally {
    await store.close();
  }
}
