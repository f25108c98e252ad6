import {existsSync} from "node:fs";
import {join} from "node:path";
import type {CommandModule, InferredOptionTypes} from "yargs";
import type {Store} from "../store/open/open-store.js";
import type {StoreStatus} from "../store/store-status.js";
import {formatMinute, MINUTE_MS, toIso} from "../time/epoch.js";
import {formatTextTable} from "./console/text-table.js";

/** A step may rewrite a large table. */
const MIGRATION_TIMEOUT_MS = 30 * MINUTE_MS;

const FLAGS = {
  "data-dir": {
    type: "string",
    default: "./reckon-data",
    describe: "folder of the embedded database, where RECKON_DATABASE_URL names no server",
  },
  json: {type: "boolean", default: false, describe: "print one JSON document"},
} as const;

type Flags = InferredOptionTypes<typeof FLAGS>;

const migrateCommand: CommandModule<object, Flags> = {
  command: "migrate",
  describe: "bring the database's tables up to date; again changes nothing",
  builder: (flags) => flags.options(FLAGS),
  async handler({"data-dir": dataDir, json}) {
    const {migrate} = await import("../store/migrate.js");
    const {systemClock} = await import("../time/system-clock.js");
    const {place, applied} = await withStore(dataDir, async (store) => ({
      place: store.place,
      applied: await migrate(store, systemClock),
    }));
    const done = applied.length === 0 ? "up to date, nothing to apply" : "now up to date";
    const lines = [...applied.map((name) => `applied ${name}`), `${place}: ${done}`];
    process.stdout.write(json ? toJson({place, applied}) : `${lines.join("\n")}\n`);
  },
};

const statusCommand: CommandModule<object, Flags> = {
  command: "status",
  describe: "where the database is, its version, and what each table holds",
  builder: (flags) => flags.options(FLAGS),
  async handler({"data-dir": dataDir, json}) {
    const {storeChoice} = await import("../store/open/open-store.js");
    const folder = join(dataDir, "sql");
    if (storeChoice(dataDir).databaseUrl === undefined && !existsSync(folder)) {
      process.stdout.write(json ? toJson({kind: "none", place: folder}) : formatNone(folder));
      return;
    }
    const {storeStatus} = await import("../store/store-status.js");
    const status = await withStore(dataDir, storeStatus);
    process.stdout.write(json ? toJson(inText(status)) : formatStatus(status));
  },
};

async function withStore<T>(dataDir: string, work: (store: Store) => Promise<T>): Promise<T> {
  const {openStore, storeChoice} = await import("../store/open/open-store.js");
  const store = await openStore(storeChoice(dataDir), {
    pending: "leave",
    statementTimeoutMs: MIGRATION_TIMEOUT_MS,
  });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

function toJson(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** The status with its times as ISO text. */
function inText(status: StoreStatus): object {
  const {applied, tables} = status;
  return {
    ...status,
    applied: applied.map(({appliedAt, ...step}) => ({...step, appliedAt: toIso(appliedAt)})),
    tables: tables.map(({newest, ...table}) => ({
      ...table,
      newest: newest === null ? null : toIso(newest),
    })),
  };
}

function formatNone(folder: string): string {
  return (
    `${folder}: no embedded database yet\n` +
    "The first command that needs one makes it; RECKON_DATABASE_URL names a PostgreSQL server.\n"
  );
}

/** A status as text: the place, the schema, then a table of tables. */
export function formatStatus({kind, place, server, ...status}: StoreStatus): string {
  const what = kind === "pglite" ? "embedded, PostgreSQL" : "PostgreSQL";
  const steps = [
    ...status.applied.map(({name, appliedAt}) => `${name}, ${formatMinute(appliedAt)} UTC`),
    ...status.pending.map((name) => `${name}, pending: run \`reckon store migrate\``),
  ];
  const head = [
    `store   ${place}`,
    `server  ${what} ${server}`,
    ...steps.map((step, i) => `${i === 0 ? "schema" : "      "}  ${step}`),
  ];
  const table = formatTextTable(status.tables, [
    {title: "table", cell: ({table}) => table},
    {title: "rows", cell: ({rows}) => rows},
    {title: "newest (UTC)", cell: ({newest}) => (newest === null ? "" : formatMinute(newest))},
  ]);
  return `${head.join("\n")}\n${status.tables.length === 0 ? "" : `\n${table}`}`;
}

/** `reckon store …`. */
export const storeCommand: CommandModule = {
  builder: (argv) =>
    argv
      .command(migrateCommand)
      .command(statusCommand)
      .demandCommand(1, "an action is needed: migrate, status"),
  handler: () => {},
};
