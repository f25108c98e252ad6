import {accessSync, constants, existsSync} from "node:fs";
import {delimiter, join} from "node:path";
import {bundledBrowserPath} from "./bundled-browser.js";

type BrowserSource = "PUPPETEER_EXECUTABLE_PATH" | "system" | "bundled";

/** The browser that pictures are made with, or why there is none. */
type FoundBrowser =
  | {readonly path: string; readonly source: BrowserSource}
  | {readonly reason: string};

const programs = [
  "chromium-headless-shell",
  "chromium",
  "chromium-browser",
  "google-chrome-stable",
  "google-chrome",
  "chrome",
  "microsoft-edge",
];

const usualPlaces: Partial<Record<NodeJS.Platform, string[]>> = {
  linux: ["/opt/google/chrome/chrome", "/snap/bin/chromium"],
  darwin: [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
  ],
  win32: [
    "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
    "C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe",
    "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
  ],
};

/**
 * `PUPPETEER_EXECUTABLE_PATH` when it is set, else a Chrome or Chromium of the system, else the one
 * inside @sparticuz/chromium (Linux on x64), whose `path` exists once it was unpacked by its first
 * use. Nothing is started.
 */
export function findBrowser(env: NodeJS.ProcessEnv = process.env): FoundBrowser {
  const wanted = env.PUPPETEER_EXECUTABLE_PATH;
  if (wanted) {
    if (isProgram(wanted)) return {path: wanted, source: "PUPPETEER_EXECUTABLE_PATH"};
    return {
      reason:
        "PUPPETEER_EXECUTABLE_PATH: expected a browser, " +
        `found no program at ${wanted}; correct or unset it`,
    };
  }
  const system = systemCandidates(env).find(isProgram);
  if (system !== undefined) return {path: system, source: "system"};
  const bundled = bundledBrowserPath(env);
  if (bundled !== undefined) return {path: bundled, source: "bundled"};
  return {
    reason:
      "browser: expected Chrome or Chromium, found none; " +
      "install one or set PUPPETEER_EXECUTABLE_PATH",
  };
}

function systemCandidates(env: NodeJS.ProcessEnv): string[] {
  const folders = (env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const onPath = folders.flatMap((folder) => programs.map((program) => join(folder, program)));
  return [...onPath, ...(usualPlaces[process.platform] ?? [])];
}

function isProgram(path: string): boolean {
  if (!existsSync(path)) return false;
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
