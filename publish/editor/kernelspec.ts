import {existsSync} from "node:fs";
import {rm} from "node:fs/promises";
import {homedir} from "node:os";
import {join, resolve} from "node:path";
import process from "node:process";
import {PublishError} from "../errors.js";
import {kernelCommand} from "../kernel/kernel-command.js";
import {packageRoot} from "../kernel/package-root.js";
import {makeFolder, writeWhole} from "../whole-file.js";

/** The folder's name below `kernels/`, by which notebooks and tools call the kernel. */
export const kernelName = "reckon";

/** What decides where Jupyter looks for the kernels of one user. */
export interface JupyterPlace {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * The folder in which Jupyter, JupyterLab and VS Code look for what one user installed.
 *
 * Source: jupyter_core, `jupyter_data_dir`: JUPYTER_DATA_DIR, else by system.
 */
export function jupyterDataDir(place: Partial<JupyterPlace> = {}): string {
  const {platform, home, env} = {
    platform: process.platform,
    home: homedir(),
    env: process.env,
    ...place,
  };
  if (env.JUPYTER_DATA_DIR) return env.JUPYTER_DATA_DIR;
  if (platform === "darwin") return join(home, "Library", "Jupyter");
  if (platform === "win32") {
    return env.APPDATA ? join(env.APPDATA, "jupyter") : join(home, ".jupyter", "data");
  }
  return join(env.XDG_DATA_HOME || join(home, ".local", "share"), "jupyter");
}

/** Where the kernel is registered below a data folder. */
export function kernelspecFolder(dataDir: string): string {
  return join(resolve(dataDir), "kernels", kernelName);
}

/**
 * Registers "TypeScript (reckon)": the kernel that runs here, with the same mends, for any Jupyter
 * client. It starts in the notebook's folder and resolves imports as a run does.
 *
 * @returns the folder with `kernel.json`
 * @throws PublishError `write-failed`
 */
export async function installKernelspec(dataDir: string): Promise<string> {
  const folder = kernelspecFolder(dataDir);
  const [node, ...args] = kernelCommand("{connection_file}");
  const spec = {
    argv: [node, "-r", join(packageRoot, "publish", "kernel", "inside", "editor.cjs"), ...args],
    display_name: "TypeScript (reckon)",
    language: "typescript",
    interrupt_mode: "signal",
  };
  await makeFolder(folder).catch((cause: Error) => {
    const message = `${folder}: expected to make the folder, found ${cause.message}`;
    throw new PublishError("write-failed", `${message}; name another with --data-dir`);
  });
  await writeWhole(join(folder, "kernel.json"), `${JSON.stringify(spec, null, 2)}\n`);
  return folder;
}

/** Removes what `installKernelspec` made; false when there was nothing. */
export async function removeKernelspec(dataDir: string): Promise<boolean> {
  const folder = kernelspecFolder(dataDir);
  const isThere = existsSync(join(folder, "kernel.json"));
  await rm(folder, {recursive: true, force: true});
  return isThere;
}
