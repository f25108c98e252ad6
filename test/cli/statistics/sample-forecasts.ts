import {SeededRandom} from "../../../src/stats/distribution/seeded-random.js";
import {type FileColumn, formatParquet} from "../../../src/table/parquet.js";
import {HOUR_MS, toIso} from "../../../src/time/epoch.js";

const START = Date.UTC(2024, 0, 1);
export const ASSETS = ["AUSDT", "BUSDT", "CUSDT"];

/** Hourly bars of three assets whose returns two bars on are foretold with some noise. */
export function sampleForecasts(bars: number) {
  const random = new SeededRandom(12);
  const times = Array.from({length: bars}, (_, t) => START + (t + 1) * HOUR_MS);
  const columns = ASSETS.map(() => {
    const returns = times.map(() => 0.01 * random.student());
    let price = 100;
    return {
      price: returns.map((r) => {
        price *= 1 + r;
        return price;
      }),
      volatility: times.map(() => 0.01 + 0.002 * random.uniform()),
      prediction: times.map((_, t) => (returns[t + 2] ?? 0) * 50 + random.student()),
    };
  });
  return {times, columns};
}

type Sample = ReturnType<typeof sampleForecasts>;
const FEATURES = ["price", "volatility", "prediction"] as const;

export function longCsv({times, columns}: Sample): string {
  const rows = times.flatMap((time, t) =>
    ASSETS.map((asset, j) =>
      [toIso(time), asset, ...FEATURES.map((feature) => columns[j]![feature][t])].join(","),
    ),
  );
  return ["timestamp,asset,price,volatility,prediction", ...rows].join("\n");
}

/** Two levels of heads and the line with the name of the index, as pandas writes them. */
export function wideCsv({times, columns}: Sample): string {
  const pairs = FEATURES.flatMap((feature) => ASSETS.map((asset, j) => ({feature, asset, j})));
  const rows = times.map((time, t) =>
    [toIso(time), ...pairs.map(({feature, j}) => columns[j]![feature][t])].join(","),
  );
  return [
    ["", ...pairs.map(({feature}) => feature)].join(","),
    ["asset", ...pairs.map(({asset}) => asset)].join(","),
    `timestamp${",".repeat(pairs.length)}`,
    ...rows,
  ].join("\n");
}

export function longParquet({times, columns}: Sample): Uint8Array {
  const of = (feature: (typeof FEATURES)[number]): FileColumn => ({
    name: feature,
    kind: "number",
    data: Float64Array.from(columns.flatMap((column) => column[feature])),
  });
  return formatParquet([
    {name: "timestamp", kind: "time", data: Float64Array.from(ASSETS.flatMap(() => times))},
    {name: "asset", kind: "text", data: ASSETS.flatMap((asset) => times.map(() => asset))},
    ...FEATURES.map(of),
  ]);
}

export function wideParquet({times, columns}: Sample): Uint8Array {
  return formatParquet([
    {name: "timestamp", kind: "time", data: Float64Array.from(times)},
    ...FEATURES.flatMap((feature) =>
      ASSETS.map(
        (asset, j): FileColumn => ({
          name: `('${feature}', '${asset}')`,
          kind: "number",
          data: Float64Array.from(columns[j]![feature]),
        }),
      ),
    ),
  ]);
}
