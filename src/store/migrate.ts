import {createHash} from "node:crypto";
import {type Kysely, Migrator, sql} from "kysely";
import {messageOf, ReckonError} from "../errors.js";
import type {Clock} from "../time/clock.js";
import {type EpochMs, toIso} from "../time/epoch.js";
import {MIGRATIONS} from "./migrations/all-migrations.js";
import type {StoreMigration} from "./migrations/store-migration.js";
import type {StoreSchema} from "./schema.js";

type Db = Kysely<StoreSchema>;

/** The part of a store that its schema concerns. */
export interface MigratedStore {
  readonly db: Db;
  readonly place: string;
}

/** A step of the schema that was applied. */
export interface AppliedMigration {
  readonly name: string;
  readonly checksum: string;
  readonly appliedAt: EpochMs;
}

/** Which steps a database has, and which it lacks; both oldest first. */
export interface SchemaState {
  readonly applied: readonly AppliedMigration[];
  readonly pending: readonly string[];
}

/** SHA-256 of a step's statements. */
export function checksumOf({statements}: StoreMigration): string {
  return createHash("sha256").update(statements.join(";\n")).digest("hex");
}

/**
 * What a database has of the given steps.
 *
 * @throws ReckonError `misuse` when it has a step that is not among them, or one of another text
 */
export async function schemaState(
  {db, place}: MigratedStore,
  migrations: readonly StoreMigration[] = MIGRATIONS,
): Promise<SchemaState> {
  const applied = await readApplied(db);
  const known = new Map(migrations.map((step) => [step.name, checksumOf(step)]));
  const newest = migrations.at(-1)?.name ?? "";
  for (const {name, checksum} of applied) {
    if (known.get(name) !== checksum) {
      throw strange(place, name, {isKnown: known.has(name), isNewer: name > newest});
    }
  }
  const done = new Set(applied.map(({name}) => name));
  const pending = migrations.map(({name}) => name).filter((name) => !done.has(name));
  return {applied, pending};
}

function strange(
  place: string,
  name: string,
  {isKnown, isNewer}: {readonly isKnown: boolean; readonly isNewer: boolean},
): ReckonError {
  const found = isKnown
    ? `${name} applied from another text: the schema was made by an edited copy`
    : `${name}, which this version does not know`;
  return new ReckonError("misuse", {
    place,
    expected: "a schema that this version of Reckon made",
    found: isNewer ? `${name}: the schema is newer than this version` : found,
    fix: isNewer
      ? "run the newer Reckon, or choose another database"
      : "choose another database, or the Reckon that made this one",
  });
}

async function readApplied(db: Db): Promise<AppliedMigration[]> {
  const {rows} = await sql<{found: boolean}>`
    SELECT to_regclass('reckon_migrations') IS NOT NULL AS found`.execute(db);
  if (rows[0]?.found !== true) {
    return [];
  }
  const steps = await db.selectFrom("reckon_migrations").selectAll().orderBy("name").execute();
  return steps.map(({name, checksum, applied_at}) => ({name, checksum, appliedAt: applied_at}));
}

/**
 * Brings a database up to date; where two do so at once, one waits for the other.
 *
 * @returns the names of the steps that were applied now: none when it was up to date
 * @throws ReckonError `misuse` as {@link schemaState}; `failed` when a step could not be applied:
 *   then none of them is
 */
export async function migrate(
  store: MigratedStore,
  clock: Clock,
  migrations: readonly StoreMigration[] = MIGRATIONS,
): Promise<string[]> {
  await schemaState(store, migrations);
  const {rows} = await sql<{name: string}>`SELECT current_schema() AS name`.execute(store.db);
  const steps = Object.fromEntries(
    migrations.map((step) => [step.name, {up: (db: Kysely<unknown>) => apply(step, db, clock)}]),
  );
  const migrator = new Migrator({
    db: store.db,
    provider: {getMigrations: async () => steps},
    // The tables of another schema of the same database are not ours.
    migrationTableSchema: rows[0]?.name ?? "public",
  });
  const {error, results = []} = await migrator.migrateToLatest();
  if (error !== undefined) {
    const step = results.find(({status}) => status === "Error")?.migrationName;
    throw new ReckonError(
      "failed",
      {
        place: store.place,
        expected: `to apply ${step ?? "the pending migrations"}`,
        found: messageOf(error),
        fix: "the schema is as it was before; mend the cause and migrate again",
      },
      {cause: error},
    );
  }
  return results.map(({migrationName}) => migrationName);
}

async function apply(step: StoreMigration, db: Kysely<unknown>, clock: Clock): Promise<void> {
  await sql`CREATE TABLE IF NOT EXISTS reckon_migrations (
    name TEXT PRIMARY KEY,
    checksum TEXT NOT NULL,
    applied_at TIMESTAMPTZ(3) NOT NULL
  )`.execute(db);
  for (const statement of step.statements) {
    await sql.raw(statement).execute(db);
  }
  await sql`INSERT INTO reckon_migrations (name, checksum, applied_at)
    VALUES (${step.name}, ${checksumOf(step)}, ${toIso(clock.now())}::timestamptz)`.execute(db);
}

/**
 * Checks a schema as a store is opened, and applies what is pending where that is asked.
 *
 * @throws ReckonError as {@link migrate}; `misuse` when steps are pending that must not be
 */
export async function checkSchema(
  store: MigratedStore,
  {pending: what, clock}: {readonly pending: "apply" | "refuse" | "leave"; readonly clock: Clock},
): Promise<void> {
  const {applied, pending} = await schemaState(store);
  if (pending.length === 0 || what === "leave") {
    return;
  }
  if (what === "apply") {
    await migrate(store, clock);
    return;
  }
  throw new ReckonError("misuse", {
    place: store.place,
    expected: "an up-to-date schema",
    found: `${applied.length === 0 ? "none" : "an older one"}, lacking ${pending.join(", ")}`,
    fix: "run `reckon store migrate`",
  });
}
