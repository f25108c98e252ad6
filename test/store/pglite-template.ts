import {createHash} from "node:crypto";
import {cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync} from "node:fs";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {checksumOf} from "../../src/store/migrate.js";
import {MIGRATIONS} from "../../src/store/migrations/all-migrations.js";
import {openStore} from "../../src/store/open/open-store.js";

const MODULES = fileURLToPath(new URL("../../node_modules", import.meta.url));
const CACHE = join(MODULES, ".cache", "reckon-test");

/**
 * Puts a migrated, empty embedded database into `{dataDir}/sql`.
 *
 * Making one takes seconds of work, copying one does not: the first is kept beside the installed
 * packages, under the versions that made it.
 */
export async function placeEmptyStore(dataDir: string): Promise<void> {
  const template = join(CACHE, `store-${fingerprint()}`);
  if (!existsSync(template)) {
    await makeTemplate(template);
  }
  mkdirSync(dataDir, {recursive: true});
  cpSync(join(template, "sql"), join(dataDir, "sql"), {recursive: true});
}

async function makeTemplate(template: string): Promise<void> {
  const aside = `${template}.${process.pid}`;
  rmSync(aside, {recursive: true, force: true});
  const store = await openStore({dataDir: aside});
  await store.close();
  try {
    renameSync(aside, template);
  } catch (error) {
    // Another test file was first: its copy is as good.
    rmSync(aside, {recursive: true, force: true});
    if (!existsSync(template)) {
      throw error;
    }
  }
}

/** Of all that decides what an empty database looks like. */
function fingerprint(): string {
  const path = join(MODULES, "@electric-sql/pglite/package.json");
  const {version} = JSON.parse(readFileSync(path, "utf8")) as {version: string};
  const parts = [version, process.arch, ...MIGRATIONS.map(checksumOf)];
  return createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 16);
}
