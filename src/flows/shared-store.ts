import {resolve} from "node:path";
import process from "node:process";
import {type OpenOptions, openStore, type Store, storeChoice} from "../store/open/open-store.js";

/** An embedded database that is open, and how many use it. */
interface SharedStore {
  readonly opened: Promise<Store>;
  users: number;
}

/** Embedded databases that this process has open, by folder. */
const shared = new Map<string, SharedStore>();

/** Those that are being closed: a folder opens again when it is free. */
const closing = new Map<string, Promise<void>>();

/** How long a run or a collector waits for a server that is still being started. */
const PATIENCE_MS = 60_000;

/**
 * The shared store for what runs by itself: a server that does not answer yet is waited for, which
 * is told on stderr.
 *
 * @throws ReckonError as `openStore`
 */
export async function openAwaitedStore(dataDir: string, options: OpenOptions = {}): Promise<Store> {
  return await openSharedStore(dataDir, {
    patienceMs: PATIENCE_MS,
    onWaiting: (reason) =>
      process.stderr.write(`${reason}; waiting for it, ${PATIENCE_MS / 1_000} s at most\n`),
    ...options,
  });
}

/**
 * The SQL store that `RECKON_DATABASE_URL` or the data folder names, for one user of it.
 *
 * A folder's embedded database can be opened once: its users in this process, such as a market and
 * a broker, share it, and the last to close it closes it; its options are the first user's. Of a
 * server everyone has connections of their own.
 *
 * @throws ReckonError as `openStore`
 */
export async function openSharedStore(dataDir: string, options: OpenOptions = {}): Promise<Store> {
  const choice = storeChoice(dataDir);
  if (choice.databaseUrl !== undefined) {
    return await openStore(choice, options);
  }
  const folder = resolve(dataDir);
  let entry = shared.get(folder);
  while (entry === undefined && closing.has(folder)) {
    await closing.get(folder)?.catch(() => undefined);
    entry = shared.get(folder);
  }
  if (entry === undefined) {
    entry = {opened: openStore(choice, options), users: 0};
    shared.set(folder, entry);
  }
  return await use(entry, folder);
}

async function use(entry: SharedStore, folder: string): Promise<Store> {
  entry.users += 1;
  let isOpen = true;
  const letGo = async (): Promise<void> => {
    if (isOpen) {
      isOpen = false;
      entry.users -= 1;
      await (entry.users === 0 ? close(entry, folder) : undefined);
    }
  };
  try {
    return {...(await entry.opened), close: letGo};
  } catch (error) {
    if (shared.get(folder) === entry) {
      shared.delete(folder);
    }
    throw error;
  }
}

async function close({opened}: SharedStore, folder: string): Promise<void> {
  shared.delete(folder);
  const closed = opened.then((store) => store.close());
  closing.set(folder, closed);
  try {
    await closed;
  } finally {
    closing.delete(folder);
  }
}
