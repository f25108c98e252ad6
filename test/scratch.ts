import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";

const VARIABLE = "RECKON_TEST_SCRATCH";

/** A new folder that goes away when all tests of this run have ended, whichever file asked. */
export function scratchFolder(prefix: string): string {
  return mkdtempSync(join(process.env[VARIABLE] ?? tmpdir(), `${prefix}-`));
}

/** Runs once, before all tests and in the process whose variables the workers inherit. */
export function setup(): (() => void) | undefined {
  if (process.env[VARIABLE] !== undefined) {
    return undefined; // another project of this run made it, and takes it away
  }
  const folder = mkdtempSync(join(tmpdir(), "reckon-tests-"));
  process.env[VARIABLE] = folder;
  return () => {
    delete process.env[VARIABLE];
    rmSync(folder, {recursive: true, force: true});
  };
}
