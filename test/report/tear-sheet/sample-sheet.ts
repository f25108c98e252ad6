import {writeFileSync} from "node:fs";
import {join} from "node:path";
import {SeededRandom} from "../../../src/stats/distribution/seeded-random.js";
import {DAY_MS, HOUR_MS, toIso} from "../../../src/time/epoch.js";

const START = Date.UTC(2022, 0, 1);

const write = (path: string, lines: readonly string[]): string => {
  writeFileSync(path, `${lines.join("\n")}\n`);
  return path;
};

/** Files of returns, benchmark, positions and trades of some days, the same each time. */
export function writeSheetFiles(dir: string, days: number) {
  const random = new SeededRandom(8);
  const date = (t: number): string => toIso(START + t * DAY_MS).slice(0, 10);
  const rows = (head: string, row: (t: number) => string): string[] => [
    head,
    ...Array.from({length: days}, (_, t) => `${date(t)},${row(t)}`),
  ];
  const noise = (): number => 0.01 * random.student();
  return {
    returnsPath: write(
      join(dir, "strategy.csv"),
      rows("date,return", () => `${noise() + 0.001}`),
    ),
    benchmarkPath: write(
      join(dir, "market.csv"),
      rows("date,return", () => `${2 * noise()}`),
    ),
    positionsPath: write(
      join(dir, "positions.csv"),
      rows("date,AUSDT,BUSDT,cash", (t) => `${100 + t},${t % 3 === 0 ? "" : -50},1000`),
    ),
    tradesPath: write(join(dir, "trades.csv"), [
      "date,symbol,amount,price",
      `${date(0)},AUSDT,2,10`,
      `${date(1)},AUSDT,-2,15`,
      `${date(1)},BUSDT,-1,8`,
      `${date(3)},BUSDT,1,9`,
    ]),
  };
}

/** Hourly PnL of some days. */
export function writeHourlyPnl(dir: string, days: number): string {
  const random = new SeededRandom(8);
  const lines = Array.from({length: 24 * days}, (_, t) => {
    const end = toIso(START + (t + 1) * HOUR_MS);
    return `${end},${100 * random.student() + (t % 24 === 8 ? 500 : 0)}`;
  });
  return write(join(dir, "pnl.csv"), ["date,pnl", ...lines]);
}
