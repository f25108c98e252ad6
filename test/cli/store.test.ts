import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi} from "vitest";
import {formatStatus} from "../../src/cli/store.js";
import {scratchDatabase, TEST_SERVER_URL} from "../store/on-each-store.js";
import {placeEmptyStore} from "../store/pglite-template.js";
import {reckon} from "./command-line.js";

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "reckon-store-cli-"));
});
afterAll(() => rmSync(dir, {recursive: true, force: true}));
beforeEach(() => {
  vi.stubEnv("RECKON_DATABASE_URL", undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

describe("reckon store, embedded", () => {
  it("status of a folder without a database says so and makes none", async () => {
    const folder = join(dir, "none");
    const text = await reckon("store", "status", "--data-dir", folder);
    expect(text).toMatchObject({exitCode: 0, stderr: ""});
    expect(text.stdout).toContain("none/sql: no embedded database yet");
    const json = await reckon("store", "status", "--data-dir", folder, "--json");
    expect(JSON.parse(json.stdout)).toEqual({kind: "none", place: join(folder, "sql")});
  });

  it("migrate is idempotent, status lists the schema and the tables", async () => {
    const folder = join(dir, "data");
    await placeEmptyStore(folder);
    const again = await reckon("store", "migrate", "--data-dir", folder);
    expect(again.stdout).toBe(`${join(folder, "sql")}: up to date, nothing to apply\n`);
    const {stdout} = await reckon("store", "status", "--data-dir", folder, "--json");
    const status = JSON.parse(stdout);
    expect(status).toMatchObject({kind: "pglite", place: join(folder, "sql"), pending: []});
    expect(status.applied[0].name).toBe("0001-tables");
    expect(status.tables.map(({table}: {table: string}) => table)).toEqual([
      "accepted_orders",
      "ccxt_bid_ask_futures_raw",
      "ccxt_bid_ask_futures_resampled_1min",
      "ccxt_bid_ask_spot_raw",
      "ccxt_bid_ask_spot_resampled_1min",
      "ccxt_ohlcv_futures",
      "ccxt_ohlcv_spot",
      "current_positions",
      "oms_fills",
      "oms_orders",
      "restrictions",
      "runs",
      "streams",
      "submitted_orders",
    ]);
    expect(status.tables[0]).toEqual({table: "accepted_orders", rows: 0, newest: null});
  });

  it("prints a status to read", () => {
    const time = Date.UTC(2025, 8, 1, 12);
    const text = formatStatus({
      kind: "postgres",
      place: "postgresql://desk:***@db/reckon",
      server: "15.18",
      applied: [{name: "0001-tables", checksum: "ab", appliedAt: time}],
      pending: ["0002-more"],
      tables: [
        {table: "ccxt_ohlcv_spot", rows: 12_345, newest: time},
        {table: "runs", rows: 0, newest: null},
      ],
    });
    expect(text).toBe(
      [
        "store   postgresql://desk:***@db/reckon",
        "server  PostgreSQL 15.18",
        "schema  0001-tables, 2025-09-01 12:00 UTC",
        "        0002-more, pending: run `reckon store migrate`",
        "",
        "table              rows  newest (UTC)",
        "ccxt_ohlcv_spot  12,345  2025-09-01 12:00",
        "runs                  0",
        "",
      ].join("\n"),
    );
  });
});

const server = TEST_SERVER_URL;
describe("reckon store, on a PostgreSQL server", () => {
  if (server === undefined) {
    it.skip("left out: RECKON_TEST_DATABASE_URL names no server", () => {});
    return;
  }
  it("migrates, then says what there is, without the password", async () => {
    const database = await scratchDatabase(server);
    try {
      const url = new URL(database.url);
      url.password = "hush";
      vi.stubEnv("RECKON_DATABASE_URL", url.href);
      const before = await reckon("store", "status");
      expect(before.stdout).toMatch(/schema {2}0001-tables, pending: run `reckon store migrate`/);
      const migrated = await reckon("store", "migrate", "--json");
      expect(JSON.parse(migrated.stdout).applied).toEqual(["0001-tables"]);
      const after = await reckon("store", "status");
      expect(after.stdout).toMatch(
        /^store {3}postgresql:\/\/postgres:\*\*\*@.*\nserver {2}Postgre/,
      );
      expect(after.stdout).toMatch(/schema {2}0001-tables, \d{4}.* UTC\n\ntable .*rows .*newest/);
      for (const {stdout, stderr} of [before, migrated, after]) {
        expect(stdout + stderr).not.toContain("hush");
      }
    } finally {
      await database.drop();
    }
  });
});
