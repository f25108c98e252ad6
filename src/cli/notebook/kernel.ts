import {join} from "node:path";
import process from "node:process";
import type {Argv, CommandModule} from "yargs";
import {
  installKernelspec,
  jupyterDataDir,
  kernelspecFolder,
  removeKernelspec,
} from "../../../publish/editor/kernelspec.js";
import {ReckonError} from "../../errors.js";

interface Flags {
  readonly prefix: string | undefined;
  readonly dataDir: string | undefined;
}

/** `reckon notebook kernel …`. */
export const notebookKernelCommand: CommandModule = {
  command: "kernel <action>",
  describe: "register the kernel for JupyterLab and VS Code",
  builder: (argv) =>
    argv
      .command(installCommand)
      .command(uninstallCommand)
      .demandCommand(1, "an action is needed: install, uninstall"),
  handler: () => {},
};

const installCommand: CommandModule<object, Flags> = {
  command: "install",
  describe: 'register "TypeScript (reckon)" where Jupyter and VS Code look for kernels',
  builder: placeFlags,
  handler: async (flags) => {
    const folder = await installKernelspec(dataDirOf(flags));
    process.stdout.write(`registered "TypeScript (reckon)" in ${folder}\n`);
    process.stdout.write("next: choose it as the kernel of a notebook; an open editor reloads\n");
  },
};

const uninstallCommand: CommandModule<object, Flags> = {
  command: "uninstall",
  describe: "remove it again",
  builder: placeFlags,
  handler: async (flags) => {
    const dataDir = dataDirOf(flags);
    const wasThere = await removeKernelspec(dataDir);
    const folder = kernelspecFolder(dataDir);
    process.stdout.write(wasThere ? `removed ${folder}\n` : `${folder}: nothing was registered\n`);
  },
};

function placeFlags(argv: Argv): Argv<Flags> {
  return argv
    .option("prefix", {
      type: "string",
      describe: "a Python environment: the kernel goes to PREFIX/share/jupyter",
    })
    .option("data-dir", {
      type: "string",
      describe: "Jupyter's data folder [default: the user's own]",
    }) as unknown as Argv<Flags>;
}

function dataDirOf({prefix, dataDir}: Flags): string {
  if (prefix !== undefined && dataDir !== undefined) {
    const expected = "one of --prefix and --data-dir";
    throw new ReckonError("misuse", {place: "kernel", expected, found: "both"});
  }
  return prefix === undefined ? (dataDir ?? jupyterDataDir()) : join(prefix, "share", "jupyter");
}
