import {dirname} from "node:path";
import process from "node:process";
import type {MiddlewareFunction} from "yargs";
import {currentDesk, findDeskFile} from "../config/desk-config.js";

/**
 * Runs a command line for the desk whose file is found from here, and tells its child processes
 * (kernels, workers), which start in other folders, where that file is.
 *
 * @throws ReckonError `misuse` when `RECKON_CONFIG_DIR` names a folder without it
 */
export async function inDeskSession<T>(work: () => Promise<T>): Promise<T> {
  const before = process.env.RECKON_CONFIG_DIR;
  const path = findDeskFile(process.env, process.cwd());
  if (path !== undefined) {
    process.env.RECKON_CONFIG_DIR = dirname(path);
  }
  try {
    return await work();
  } finally {
    if (before === undefined) {
      delete process.env.RECKON_CONFIG_DIR;
    } else {
      process.env.RECKON_CONFIG_DIR = before;
    }
  }
}

/**
 * Where no `--data-dir` is given, the one of the environment or of the desk's file. Also reads the
 * desk's file, so that what is wrong in it is told before a command begins.
 *
 * @param args the command line's, to tell a given folder from a default
 */
export function deskDataDir(args: readonly string[]): MiddlewareFunction {
  const isGiven = args.some((arg) => /^--(data-dir|dataDir)(=|$)/.test(arg));
  return (argv) => {
    const {dataDir} = currentDesk();
    if (dataDir !== undefined && !isGiven && "data-dir" in argv) {
      argv["data-dir"] = dataDir;
      argv.dataDir = dataDir;
    }
  };
}

/**
 * Tells, after a command that worked with models, which models of the desk do not load: another
 * than the one that was asked for stops nothing. A command that failed over one has told it.
 */
export async function tellBrokenModels(args: Readonly<Record<string, unknown>>): Promise<void> {
  const {model, runDir, _: words} = args;
  const isAboutDesk = ["config", "doctor"].includes(String((words as unknown[])[0]));
  const isAboutModel = typeof model === "string" || typeof runDir === "string";
  if (!(isAboutDesk || isAboutModel) || currentDesk().models.length === 0) {
    return;
  }
  const {knownModels} = await import("../models/registry.js");
  for (const {message} of knownModels().broken) {
    process.stderr.write(`warning: ${message}; \`reckon model list\` lists all\n`);
  }
}
