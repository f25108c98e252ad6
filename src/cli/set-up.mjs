#!/usr/bin/env node
// Brings a fresh clone to life and then does one task. It runs before anything is installed or
// compiled, so it and the files of set-up/ are plain JavaScript on Node's own modules.
import {join} from "node:path";
import {parseArgs} from "node:util";
import {ensureBuild, hasCompiler} from "./set-up/build.mjs";
import {withLock} from "./set-up/lock.mjs";
import {ensurePackages, isInstalling} from "./set-up/packages.mjs";
import {root, SetUpError} from "./set-up/place.mjs";
import {follow, runChecks} from "./set-up/run.mjs";

const oldestNode = [20, 19];
const tsc = ["node_modules/typescript/bin/tsc"];
// What the compiler learnt last time; a second check takes half the time.
const remembered = ["--incremental", "--tsBuildInfoFile", "node_modules/.cache/reckon.tsbuildinfo"];
const vitest = [join(root, "node_modules/vitest/vitest.mjs"), "run"];

const docsConfig = "vitest.docs.config.ts";
const faultConfig = "vitest.faults.config.ts";

/** What each task runs once the packages are there, where, and whether it needs the build. */
const tasks = {
  demo: {
    isBuilt: true,
    run: (args) => follow([join(root, "dist/src/cli/main.js"), "demo", ...args], process.cwd()),
  },
  test: {isBuilt: true, run: (args) => follow([...vitest, ...args], root)},
  "test:docs": {
    isBuilt: true,
    run: (args) => follow([...vitest, "--config", docsConfig, ...args], root),
  },
  "test:faults": {
    isBuilt: true,
    run: (args) => follow([...vitest, "--config", faultConfig, ...toFaultArgs(args)], root),
  },
  bench: {isBuilt: true, run: (args) => follow([join(root, "bench/run.mjs"), ...args], root)},
  "bench:publish": {
    isBuilt: true,
    run: (args) => follow([join(root, "bench/publish/run.mjs"), ...args], root),
  },
  build: {isBuilt: true, run: async () => 0},
  // npm runs this itself after installing here, and where another package depends on this folder.
  prepare: {isBuilt: true, isRunByNpm: true, run: async () => 0},
  check: {
    isBuilt: false,
    run: () =>
      runChecks({
        types: [...tsc, "-p", "tsconfig.json", "--noEmit", ...remembered],
        lint: ["node_modules/@biomejs/biome/bin/biome", "check", "--error-on-warnings"],
        tidy: [...vitest, "test/tidy.test.ts"],
        unused: ["node_modules/knip/bin/knip.js"],
      }),
  },
};

async function main([name = "nothing", ...args]) {
  requireNode(process.versions.node);
  const task = Object.hasOwn(tasks, name) ? tasks[name] : undefined;
  if (!task) {
    throw new SetUpError(
      `set-up: expected one of ${Object.keys(tasks).join(", ")}, found ${name}`,
      2,
    );
  }
  if (task.isRunByNpm && isInstalling()) {
    return 0;
  }
  withLock(() => {
    if (!(task.isRunByNpm && hasCompiler())) {
      ensurePackages();
    }
    if (task.isBuilt) {
      ensureBuild();
    }
  });
  return task.run(args);
}

/** `--full` and `--seed N` are for the tests themselves, which read them from the environment. */
function toFaultArgs(args) {
  const {values, tokens} = parseArgs({
    args,
    options: {full: {type: "boolean"}, seed: {type: "string"}},
    strict: false,
    tokens: true,
  });
  if (values.full) {
    process.env.RECKON_FAULTS_FULL = "1";
  }
  if (values.seed !== undefined) {
    process.env.RECKON_FAULTS_SEED = values.seed;
  }
  const ours = tokens.filter(({name}) => name === "full" || name === "seed");
  const taken = ours.flatMap(({index, value, inlineValue}) =>
    value === undefined || inlineValue ? [index] : [index, index + 1],
  );
  return args.filter((_, i) => !taken.includes(i));
}

function requireNode(found) {
  const [major, minor] = found.split(".").map(Number);
  if (major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1])) {
    throw new SetUpError(
      `Node.js: expected ${oldestNode.join(".")} or newer, found ${found}; ` +
        "install a newer one from https://nodejs.org",
    );
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof SetUpError)) {
    throw error;
  }
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.exitCode;
}
