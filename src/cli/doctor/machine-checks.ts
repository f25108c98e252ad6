import {dirname, resolve} from "node:path";
import {fileURLToPath} from "node:url";
import {messageOf} from "../../errors.js";
import {type Machine, nearestFolder, thisMachine} from "./machine.js";

const OLDEST_NODE = [20, 19] as const;
const MEBIBYTE = 1024 * 1024;
const NEEDED_MEBIBYTES = 1024;
const REINSTALL = "run `npm ci` in the folder of Reckon's package.json";

/** One thing a machine has or lacks. */
export interface Finding {
  readonly name: string;
  /** `missing` is required and absent; `not needed yet` belongs to parts that come later. */
  readonly state: "ok" | "missing" | "not needed yet";
  /** What is there, or why it is not. */
  readonly found: string;
  /** What to do; only where something is missing. */
  readonly fix?: string;
}

interface Check {
  readonly name: string;
  readonly fix: string;
  /** What is there; throws, with the reason, when it is missing. */
  readonly look: () => Promise<string> | string;
}

export interface InspectOptions {
  /** The folder of the market store and the embedded database; it need not exist yet. */
  readonly dataDir: string;
  /** Stands in for parts of the real machine. */
  readonly machine?: Partial<Machine>;
}

const LATER: readonly Finding[] = [
  {
    name: "Redis",
    state: "not needed yet",
    found: "backtests on many machines will queue their tiles in it",
  },
];

/** Looks at everything Reckon needs, in order; never throws for what is missing. */
export async function inspectMachine({dataDir, machine}: InspectOptions): Promise<Finding[]> {
  const on = {...thisMachine(), ...machine};
  const checks = [...programChecks(on), ...folderChecks(on, resolve(on.cwd, dataDir))];
  const findings: Finding[] = [];
  for (const check of checks) {
    findings.push(await inspect(check));
  }
  return [...findings, ...LATER];
}

async function inspect({name, fix, look}: Check): Promise<Finding> {
  try {
    return {name, state: "ok", found: await look()};
  } catch (error) {
    const [reason = ""] = messageOf(error).split("\n");
    return {name, state: "missing", found: reason, fix};
  }
}

function programChecks(on: Machine): Check[] {
  return [
    {
      name: "Node.js",
      fix: "install a newer one from https://nodejs.org",
      look: () => lookAtNode(on.nodeVersion),
    },
    {
      name: "zeromq binary",
      fix: `${REINSTALL} (its binaries come inside the package; no compiler is needed)`,
      look: () => lookAtModule(on, "zeromq"),
    },
    {
      name: "tslab kernel",
      fix: REINSTALL,
      look: () => on.locate("tslab/bin/tslab", dirname(fileURLToPath(import.meta.url))),
    },
    {
      name: "kernel starts",
      fix: "mend what is missing above; the temporary folder must take sockets",
      look: () => on.tryKernel(),
    },
    {
      name: "DuckDB",
      fix: REINSTALL,
      look: () => lookAtModule(on, "@duckdb/node-api"),
    },
    {
      name: "browser",
      fix: "install Chrome or Chromium, or set PUPPETEER_EXECUTABLE_PATH to one",
      look: () => on.tryBrowser(),
    },
    {
      name: 'import "reckon"',
      fix: "run `npm run build` in Reckon's checkout, or `npm install reckon` in this folder",
      look: () => on.locate("reckon", on.cwd),
    },
  ];
}

function lookAtNode(version: string): string {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [oldest, oldestMinor] = OLDEST_NODE;
  if (major < oldest || (major === oldest && minor < oldestMinor)) {
    throw new Error(`expected ${OLDEST_NODE.join(".")} or newer, found ${version}`);
  }
  return version;
}

async function lookAtModule(on: Machine, name: string): Promise<string> {
  await on.load(name);
  return "loads";
}

function folderChecks(on: Machine, dataDir: string): Check[] {
  const writable = (name: string, folder: string): Check => ({
    name,
    fix: `make ${nearestFolder(folder)} writable for this user, or choose another folder`,
    look() {
      on.requireWritable(nearestFolder(folder));
      return folder;
    },
  });
  return [
    writable("this folder", on.cwd),
    writable("data folder", dataDir),
    writable("temporary folder", on.temporary),
    {
      name: "disk space",
      fix: `free some, or put the data elsewhere with --data-dir`,
      look: async () => lookAtSpace(await on.freeBytes(nearestFolder(dataDir))),
    },
    {
      name: "SQL store",
      fix: "start the server, or mend RECKON_DATABASE_URL; `reckon store status` says more",
      look: () => on.tryStore(dataDir),
    },
  ];
}

function lookAtSpace(freeBytes: number): string {
  const free = Math.floor(freeBytes / MEBIBYTE);
  if (free < NEEDED_MEBIBYTES) {
    throw new Error(`expected ${NEEDED_MEBIBYTES} MiB free, found ${free} MiB`);
  }
  return `${free} MiB free`;
}
