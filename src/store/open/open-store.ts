import {join} from "node:path";
import {databaseUrlOf, readDesk} from "../../config/desk-config.js";
import {messageOf} from "../../errors.js";
import {systemClock} from "../../time/system-clock.js";
import type {OpenOptions, Store, StoreChoice} from "../store.js";

export type {OpenOptions, Store, StoreChoice} from "../store.js";

/**
 * The store of this desk: the server that `RECKON_DATABASE_URL` or the desk's own file names, else
 * the data folder.
 *
 * @throws ReckonError `misuse` or `bad-data` when what should name the server does not
 */
export function storeChoice(
  dataDir: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): StoreChoice {
  const url = databaseUrlOf(readDesk(env, process.cwd()), env)?.reveal();
  return url === undefined ? {dataDir} : {dataDir, databaseUrl: url};
}

/**
 * Opens the SQL store, after checking that it can be reached and has this version's schema.
 *
 * Only `databaseUrl` names a server: {@link storeChoice} reads the environment.
 *
 * @throws ReckonError `misuse`: a bad URL, wrong credentials, no such database, a schema that is
 *   not migrated, newer than this version or edited, or a folder in use by another process;
 *   `failed`: no server answers, also within the patience that was asked for
 */
export async function openStore(choice: StoreChoice, options: OpenOptions = {}): Promise<Store> {
  const {checkSchema} = await import("../migrate.js");
  const store = await connectPatiently(choice, options);
  try {
    await checkSchema(store, {
      pending: options.pending ?? (store.kind === "pglite" ? "apply" : "refuse"),
      clock: options.clock ?? systemClock,
    });
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** A server that is starting, or not started yet, is asked again. */
async function connectPatiently(choice: StoreChoice, options: OpenOptions): Promise<Store> {
  const {patienceMs = 0, onWaiting, signal} = options;
  if (patienceMs === 0 || choice.databaseUrl === undefined) {
    return await connect(choice, options);
  }
  const {withRetry} = await import("./retry.js");
  return await withRetry(() => connect(choice, options), {
    deadlineMs: patienceMs,
    ...(signal === undefined ? {} : {signal}),
    onRetry: ({tries, error}) => {
      if (tries === 1) {
        onWaiting?.(messageOf(error));
      }
    },
  });
}

async function connect({databaseUrl, dataDir}: StoreChoice, options: OpenOptions): Promise<Store> {
  if (databaseUrl !== undefined) {
    const {openPostgres} = await import("./open-postgres.js");
    return openPostgres(databaseUrl, options);
  }
  const {openPglite} = await import("./open-pglite.js");
  return openPglite(join(dataDir, "sql"));
}
