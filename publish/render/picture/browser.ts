import {mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import type {Browser, LaunchOptions} from "puppeteer";
import {PublishError} from "../../errors.js";
import {settlesWithin} from "../../timers.js";
import {bundledLibraries, unpackBundledBrowser} from "./bundled-browser.js";
import {findBrowser} from "./find-browser.js";

export {findBrowser};

export interface BrowserOptions {
  readonly signal?: AbortSignal;
  /** For starting it, and for each single request to it; defaults to 60 s. */
  readonly deadlineMs?: number;
  /** It may also ask servers on this machine; without it, none at all. */
  readonly reachesLoopback?: boolean;
}

const closeDeadlineMs = 5_000;

/**
 * Starts a headless browser, hands it to `use` and ends it on every path, its folder included. The
 * browser speaks through a pipe, so it ends with this process even when that is killed.
 *
 * @throws PublishError `render-failed` when there is no browser or it does not start
 */
export async function withBrowser<T>(
  use: (browser: Browser) => Promise<T>,
  {signal, deadlineMs = 60_000, reachesLoopback = false}: BrowserOptions = {},
): Promise<T> {
  signal?.throwIfAborted();
  const folder = await mkdtemp(join(tmpdir(), "reckon-browser-"));
  try {
    const browser = await launch(folder, {deadlineMs, reachesLoopback});
    const kill = () => browser.process()?.kill("SIGKILL");
    signal?.addEventListener("abort", kill);
    try {
      return await use(browser);
    } catch (error) {
      signal?.throwIfAborted(); // rather than the error of a killed browser
      throw error;
    } finally {
      signal?.removeEventListener("abort", kill);
      if (!(await settlesWithin(browser.close(), closeDeadlineMs))) kill();
    }
  } finally {
    await rm(folder, {recursive: true, force: true, maxRetries: 5});
  }
}

interface LaunchChoice {
  readonly deadlineMs: number;
  readonly reachesLoopback: boolean;
}

async function launch(userDataDir: string, choice: LaunchChoice): Promise<Browser> {
  const found = findBrowser();
  if ("reason" in found) throw new PublishError("render-failed", found.reason);
  const {path, source} = found;
  try {
    if (source === "bundled") await unpackBundledBrowser(path);
    const {default: puppeteer} = await import("puppeteer");
    const options = launchOptions(path, userDataDir, choice);
    return await puppeteer.launch(options).catch((error: unknown) => {
      if (source !== "bundled" || !/shared librar/i.test(String(error))) throw error;
      const env = {...options.env, ...withLibraries(bundledLibraries(path))};
      return puppeteer.launch({...options, env});
    });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
    const found = `expected it to start, found: ${reason}`;
    const message = `browser ${path}: ${found}; reckon doctor says more`;
    throw new PublishError("render-failed", message, {cause});
  }
}

function launchOptions(
  executablePath: string,
  userDataDir: string,
  {deadlineMs: timeout, reachesLoopback}: LaunchChoice,
): LaunchOptions {
  return {
    executablePath,
    userDataDir,
    timeout,
    env: {...process.env, TMPDIR: userDataDir}, // its scratch files go when the profile goes
    protocolTimeout: timeout,
    headless: "shell",
    pipe: true,
    handleSIGINT: false, // signals belong to the command line
    handleSIGTERM: false,
    handleSIGHUP: false,
    args: [
      ...offline(reachesLoopback),
      ...steady,
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
    ],
  };
}

/** Nothing that is opened here may reach another machine. */
const offline = (exceptLoopback: boolean) => [
  `--host-resolver-rules=MAP * ~NOTFOUND${exceptLoopback ? ", EXCLUDE 127.0.0.1" : ""}`,
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-domain-reliability",
  "--disable-sync",
  "--no-pings",
];

/** The same pixels on every start, and no use of the small `/dev/shm` of a container. */
const steady = [
  "--font-render-hinting=none",
  "--force-color-profile=srgb",
  "--hide-scrollbars",
  "--disable-dev-shm-usage",
];

function withLibraries(folder: string): Record<string, string> {
  const {LD_LIBRARY_PATH: others = ""} = process.env;
  return {LD_LIBRARY_PATH: others === "" ? folder : `${folder}:${others}`};
}
