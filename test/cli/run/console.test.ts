import {mkdtempSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {expect, it} from "vitest";
import {RunConsole} from "../../../src/cli/run/console.js";
import type {BarOutcome} from "../../../src/trading/targets/process-forecasts.js";

const AT = Date.UTC(2025, 8, 1);

it("tells what happens again and again once, until the next bar", () => {
  const dir = mkdtempSync(join(tmpdir(), "reckon-console-"));
  try {
    const logFile = join(dir, "log.manual.txt");
    const output = new RunConsole({logFile, isPrinted: false});
    output.onEvent(AT, "run started");
    output.onEvent(AT, "database away: trying again");
    output.onEvent(AT + 100, "database away: trying again");
    output.onEvent(AT + 200, "the database is back");
    const statistics = {pnl: Number.NaN, fees: 0, gmv: 0, net_wealth: 1};
    const bar = {barEnd: AT, kind: "traded", orders: [], portfolio: {statistics}};
    output.onEvent(AT + 300, "database away: trying again");
    output.onBar(bar as unknown as BarOutcome);
    output.onEvent(AT + 400, "database away: trying again");
    expect(readFileSync(logFile, "utf8").trimEnd().split("\n")).toEqual([
      "2025-09-01 00:00 UTC  database away: trying again",
      "2025-09-01 00:00 UTC  the database is back",
      "2025-09-01 00:00 UTC  database away: trying again",
      "2025-09-01 00:00 UTC  traded         orders   0  GMV 0.00  net wealth 1.00",
      "2025-09-01 00:00 UTC  database away: trying again",
    ]);
  } finally {
    rmSync(dir, {recursive: true, force: true});
  }
});
