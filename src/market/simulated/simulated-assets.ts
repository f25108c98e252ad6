import {type Instrument, inferInstrument} from "../instruments/instrument.js";

/** The exchange under which the built-in market is stored; pages made from it say so. */
export const SIMULATED_EXCHANGE = "simulated";

/** An invented asset of the built-in market. */
export interface SimulatedAsset {
  readonly instrument: Instrument;
  readonly firstPrice: number;
  readonly priceDecimals: number;
  readonly volumeDecimals: number;
  /** Sensitivity to the common factor. */
  readonly beta: number;
  /** Standard deviation of the asset's own hourly return. */
  readonly ownVolatility: number;
  /** Usual volume of an hour, in base currency. */
  readonly hourlyVolume: number;
}

type Row = readonly [
  name: string,
  firstPrice: number,
  priceDecimals: number,
  volumeDecimals: number,
  beta: number,
  ownVolatility: number,
  hourlyNotional: number,
];

/** Names are the spelling alphabet's, so that nobody takes the market for a real one. */
const ROWS: readonly Row[] = [
  ["ALFA", 29_800, 1, 3, 0.75, 0.0026, 180e6],
  ["BRAVO", 1_850, 2, 3, 0.95, 0.003, 120e6],
  ["CHARLIE", 98, 3, 2, 1.2, 0.0046, 40e6],
  ["DELTA", 310, 2, 2, 0.8, 0.003, 22e6],
  ["ECHO", 0.62, 4, 0, 0.9, 0.0044, 30e6],
  ["FOXTROT", 0.081, 5, 0, 1.2, 0.005, 24e6],
  ["GOLF", 0.47, 4, 0, 1.1, 0.0044, 12e6],
  ["HOTEL", 23.4, 3, 1, 1.2, 0.0048, 9e6],
  ["INDIA", 14.2, 3, 2, 1.15, 0.0046, 11e6],
  ["JULIETT", 88, 2, 3, 0.9, 0.004, 8e6],
  ["KILO", 0.112, 5, 0, 0.55, 0.0028, 6e6],
  ["LIMA", 6.3, 3, 1, 1.05, 0.0044, 7e6],
  ["MIKE", 240, 2, 3, 1, 0.0048, 6e6],
  ["NOVEMBER", 0.128, 5, 0, 0.95, 0.0048, 5e6],
  ["OSCAR", 0.00962, 7, 0, 1.3, 0.0062, 14e6],
  ["PAPA", 1_930, 2, 3, 0.5, 0.0026, 3e6],
];

/** The sixteen assets of the built-in market, largest first. */
export const SIMULATED_ASSETS: readonly SimulatedAsset[] = ROWS.map(
  ([name, firstPrice, priceDecimals, volumeDecimals, beta, ownVolatility, notional]) => ({
    instrument: inferInstrument({
      id: `${name}USDT`,
      venue: SIMULATED_EXCHANGE,
      kind: "linear",
      priceDecimals,
      volumeDecimals,
    }),
    firstPrice,
    priceDecimals,
    volumeDecimals,
    beta,
    ownVolatility,
    hourlyVolume: notional / firstPrice,
  }),
);
