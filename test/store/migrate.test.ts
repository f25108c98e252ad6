import {sql} from "kysely";
import {expect, it} from "vitest";
import {checksumOf, migrate, schemaState} from "../../src/store/migrate.js";
import {MIGRATIONS} from "../../src/store/migrations/all-migrations.js";
import type {StoreMigration} from "../../src/store/migrations/store-migration.js";
import {SimulatedClock} from "../../src/time/simulated-clock.js";
import {describeEachStore, type StoreOf} from "./on-each-store.js";

const NOW = Date.UTC(2025, 8, 1);
const clock = new SimulatedClock(NOW);

/** The usual steps and one more. */
function further(name: string, ...statements: string[]): StoreMigration[] {
  return [...MIGRATIONS, {name, statements}];
}

describeEachStore("migrations", testMigrations, {isOwn: true});

function testMigrations(store: StoreOf) {
  const tableExists = async (name: string) => {
    const {rows} = await sql<{found: boolean}>`
      SELECT to_regclass(${name}) IS NOT NULL AS found`.execute(store().db);
    return rows[0]?.found;
  };

  it("the released steps have not changed", () => {
    expect(Object.fromEntries(MIGRATIONS.map((step) => [step.name, checksumOf(step)]))).toEqual({
      "0001-tables": "4e7e4db8f78fb91fb8ac285503451a73e3d763e45d4b3f249be1b73058d0a0c9",
    });
  });

  it("an up-to-date schema has every step, and migrating again does nothing", async () => {
    const {applied, pending} = await schemaState(store());
    expect(applied.map(({name}) => name)).toEqual(MIGRATIONS.map(({name}) => name));
    expect(pending).toEqual([]);
    expect(await migrate(store(), clock)).toEqual([]);
  });

  it("a step that fails leaves the schema as it was", async () => {
    const steps = further("9000-broken", "CREATE TABLE half (x INTEGER)", "SELECT 1/0");
    await expect(migrate(store(), clock, steps)).rejects.toThrow(
      /to apply 9000-broken, found division by zero; the schema is as it was/,
    );
    expect(await tableExists("half")).toBe(false);
    expect((await schemaState(store(), steps)).pending).toEqual(["9000-broken"]);
  });

  it("several at once apply each step once", async () => {
    const steps = further("9001-more", "CREATE TABLE more (x INTEGER)");
    const outcomes = await Promise.all([1, 2, 3].map(() => migrate(store(), clock, steps)));
    expect(outcomes.flat()).toEqual(["9001-more"]);
    const {applied} = await schemaState(store(), steps);
    expect(applied.at(-1)).toMatchObject({name: "9001-more", appliedAt: NOW});
  });

  it("a newer, an unknown and an edited schema are refused", async () => {
    const newer = further("9001-more", "CREATE TABLE more (x INTEGER)");
    await migrate(store(), clock, newer);
    await expect(schemaState(store())).rejects.toThrow(/9001-more: the schema is newer than this/);
    await expect(migrate(store(), clock)).rejects.toThrow(/newer than this version/);
    const other = further("9002-other", "SELECT 1");
    await expect(schemaState(store(), other)).rejects.toThrow(/9001-more, which this version does/);
    const edited = further("9001-more", "CREATE TABLE more (x BIGINT)");
    await expect(schemaState(store(), edited)).rejects.toThrow(/9001-more applied from another/);
  });
}
