import {execFile} from "node:child_process";
import {accessSync, constants, existsSync, lstatSync} from "node:fs";
import {mkdir, mkdtemp, rename, rm} from "node:fs/promises";
import {createRequire} from "node:module";
import {homedir, tmpdir} from "node:os";
import {dirname, join} from "node:path";
import {promisify} from "node:util";

const require = createRequire(import.meta.url);
const unpackDeadlineMs = 120_000;

/** Where the Chromium of @sparticuz/chromium is or will be; undefined where it cannot run. */
export function bundledBrowserPath(env: NodeJS.ProcessEnv = process.env): string | undefined {
  if (process.platform !== "linux" || process.arch !== "x64") return undefined;
  const version = bundledVersion();
  if (version === undefined) return undefined;
  return join(cacheFolder(env), `chromium-${version}`, "chromium");
}

/** The user's cache, or where that cannot be written, a private folder among the temporary ones. */
function cacheFolder(env: NodeJS.ProcessEnv): string {
  const cache = env.XDG_CACHE_HOME || join(homedir(), ".cache");
  return isWritable(cache)
    ? join(cache, "reckon")
    : join(tmpdir(), `reckon-${process.getuid?.() ?? "user"}`);
}

function isWritable(folder: string): boolean {
  if (!existsSync(folder) && dirname(folder) !== folder) return isWritable(dirname(folder));
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Unpacks the bundled Chromium (200 MB, about 1.5 s) unless an earlier run did.
 *
 * The package unpacks into the temporary folder under fixed names and takes a half-written file for
 * a whole one. So a child process does it in a fresh folder, which is then renamed: two processes
 * that need it at once cannot disturb each other.
 */
export async function unpackBundledBrowser(path: string): Promise<void> {
  const folder = dirname(path);
  await mkdir(dirname(folder), {recursive: true, mode: 0o700});
  checkOwner(dirname(folder));
  if (existsSync(path)) return;
  const aside = await mkdtemp(`${folder}-`);
  try {
    await promisify(execFile)(process.execPath, ["--input-type=module", "-e", unpackScript()], {
      env: {...process.env, TMPDIR: aside, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs20.x"},
      timeout: unpackDeadlineMs,
    });
    await rename(aside, folder);
  } catch (error) {
    if (!existsSync(path)) throw error; // else another process was faster
  } finally {
    await rm(aside, {recursive: true, force: true});
  }
}

/** A program is only started from a folder in which nobody else could have put it. */
function checkOwner(folder: string): void {
  const {uid} = lstatSync(folder);
  if (process.getuid !== undefined && uid !== process.getuid()) {
    throw new Error(`${folder} belongs to another user`);
  }
}

/** Libraries (nss, nspr) for machines without them; unpacked beside the browser. */
export function bundledLibraries(path: string): string {
  return join(dirname(path), "al2023", "lib");
}

/** The environment variable set for the child makes the package unpack its libraries too. */
function unpackScript(): string {
  const module = JSON.stringify(require.resolve("@sparticuz/chromium"));
  return `const {default: chromium} = await import(${module});
    await (chromium.default ?? chromium).executablePath();`;
}

function bundledVersion(): string | undefined {
  try {
    const file = join(dirname(require.resolve("@sparticuz/chromium")), "../../package.json");
    return (require(file) as {version: string}).version;
  } catch {
    return undefined;
  }
}
