import {existsSync, renameSync, rmSync} from "node:fs";
import type {PGlite} from "@electric-sql/pglite";
import {Kysely} from "kysely";
import {systemClock} from "../../time/system-clock.js";
import type {StoreSchema} from "../schema.js";
import type {Store} from "../store.js";
import {PARSERS, SESSION_SETTINGS} from "../streams/column-types.js";
import {openingFailure} from "./opening-failure.js";
import {pgliteDialect} from "./pglite-dialect.js";
import {takeLock} from "./store-lock.js";
import "../store-database.js";

/**
 * Opens the embedded database in a folder, and makes it where there is none.
 *
 * @throws ReckonError `misuse` when another process has it open; `bad-data` when the files are none
 */
export async function openPglite(folder: string): Promise<Store> {
  const release = takeLock(`${folder}.lock`);
  try {
    if (!existsSync(folder)) {
      await create(folder);
    }
    const pglite = await openFolder(folder);
    const db = new Kysely<StoreSchema>({dialect: pgliteDialect(pglite, systemClock)});
    let closing: Promise<void> | undefined;
    const close = () => {
      closing ??= db.destroy().finally(release);
      return closing;
    };
    return {db, kind: "pglite", place: folder, close};
  } catch (error) {
    release();
    throw error;
  }
}

/** A killed process leaves no half-made database: the folder gets its name when it is whole. */
async function create(folder: string): Promise<void> {
  const aside = `${folder}.new`;
  rmSync(aside, {recursive: true, force: true});
  const pglite = await openFolder(aside);
  await pglite.close();
  renameSync(aside, folder);
}

async function openFolder(folder: string): Promise<PGlite> {
  const {PGlite} = await import("@electric-sql/pglite");
  try {
    const pglite = await PGlite.create({dataDir: folder, parsers: {...PARSERS}});
    for (const [name, value] of Object.entries(SESSION_SETTINGS)) {
      await pglite.query("SELECT set_config($1, $2, false)", [name, value]);
    }
    return pglite;
  } catch (cause) {
    throw openingFailure(folder, cause);
  }
}
