import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statfsSync,
} from "node:fs";
import {freemem, tmpdir} from "node:os";
import {join} from "node:path";
import {setTimeout as sleep} from "node:timers/promises";

const VARIABLE = "RECKON_TEST_SCRATCH";

/** A new folder that goes away when all tests of this run have ended, whichever file asked. */
export function scratchFolder(prefix: string): string {
  return mkdtempSync(join(process.env[VARIABLE] ?? tmpdir(), `${prefix}-`));
}

/** With less free than this the disk is used. */
const MEMORY_BYTES = 4e9;
/** How long one process may make what the others wait for. */
const MAKING_MS = 120_000;

const made = new Map<string, Promise<string>>();

/**
 * A folder that the first test file to ask has `make` fill, and every later one finds as it is, in
 * other processes too: for what takes seconds to make. Whoever uses it leaves it unchanged.
 */
export function madeOnce(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const known = made.get(name) ?? makeOnce(name, make);
  made.set(name, known);
  return known;
}

async function makeOnce(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(process.env[VARIABLE] ?? scratchFolder("once"), name);
  const turn = `${folder}.making`;
  const deadline = Date.now() + MAKING_MS;
  while (!takeTurn(turn)) {
    if (Date.now() > deadline) {
      throw new Error(`${folder}: expected another test file to make it, found it unfinished`);
    }
    await sleep(20);
  }
  const aside = `${folder}.new`;
  try {
    if (!existsSync(folder)) {
      await make(aside);
      renameSync(aside, folder);
    }
  } finally {
    rmSync(aside, {recursive: true, force: true});
    rmSync(turn, {recursive: true});
  }
  return folder;
}

/** False while another process has it. */
function takeTurn(turn: string): boolean {
  try {
    mkdirSync(turn);
    return true;
  } catch {
    return false;
  }
}

/** Runs once, before all tests and in the process whose variables the workers inherit. */
export function setup(): (() => void) | undefined {
  if (process.env[VARIABLE] !== undefined) {
    return undefined; // another project of this run made it, and takes it away
  }
  const {TMPDIR} = process.env;
  const memory = inMemory();
  const folder = mkdtempSync(join(memory ?? tmpdir(), "reckon-tests-"));
  chmodSync(folder, 0o755); // a database server runs as another user
  process.env[VARIABLE] = folder;
  if (memory !== undefined) {
    process.env.TMPDIR = folder;
  }
  return () => {
    delete process.env[VARIABLE];
    if (TMPDIR === undefined) {
      delete process.env.TMPDIR;
    } else {
      process.env.TMPDIR = TMPDIR;
    }
    rmSync(folder, {recursive: true, force: true});
  };
}

/**
 * Where temporary folders are kept in memory, where the system has such a place with room enough:
 * the tests make thousands of small files and folders, each a millisecond or more on a disk.
 */
function inMemory(): string | undefined {
  const place = "/dev/shm";
  try {
    const {bavail, bsize} = statfsSync(place);
    accessSync(place, constants.W_OK);
    return Math.min(bavail * bsize, freemem()) < MEMORY_BYTES ? undefined : place;
  } catch {
    return undefined;
  }
}
