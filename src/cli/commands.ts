import type {CommandModule} from "yargs";
import {ReckonError} from "../errors.js";

/** A command as `--help` lists it, and where the rest of it is. */
interface ListedCommand {
  /** Its name, and the arguments that it cannot do without. */
  readonly command: string;
  readonly describe: string;
  /** What it takes and does, with all that it needs. */
  readonly load: () => Promise<unknown>;
}

/** In the order of `--help`; all together load for longer than a notebook takes to start. */
const COMMANDS: readonly ListedCommand[] = [
  {
    command: "demo",
    describe: "a whole recorded day: run, replay, reconcile, publish",
    load: async () => (await import("./demo.js")).demoCommand,
  },
  {
    command: "config <action>",
    describe: "what a run would be configured with and why; how two configs differ",
    load: async () => (await import("./config/config.js")).configCommand,
  },
  {
    command: "market",
    describe: "bars: csv or exchange into the store, replay files out of it",
    load: async () => (await import("./market/market.js")).marketCommand,
  },
  {
    command: "model <action>",
    describe: "the trading models there are",
    load: async () => (await import("./model/model.js")).modelCommand,
  },
  {
    command: "run",
    describe: "run a model over recorded or live bars and leave a run folder",
    load: async () => (await import("./run/run.js")).runCommand,
  },
  {
    command: "reconcile <step>",
    describe: "compare a recorded run with its simulation, layer by layer, and publish the page",
    load: async () => (await import("./reconcile/reconcile.js")).reconcileCommand,
  },
  {
    command: "observe",
    describe: "publish how a run stands: what it earned, what it holds, and if all is well",
    load: async () => (await import("./observe/observe.js")).observeCommand,
  },
  {
    command: "investor-plots",
    describe: "paint cumulative PnL: since inception, since a year, last 24 hours, last 5 minutes",
    load: async () => (await import("./investor/plots.js")).investorPlotsCommand,
  },
  {
    command: "store <action>",
    describe: "the SQL store: market data as it became known, orders, positions, runs",
    load: async () => (await import("./store.js")).storeCommand,
  },
  {
    command: "stats <file>",
    describe: "every statistic of a csv of returns or PnL",
    load: async () => (await import("./statistics/stats.js")).statsCommand,
  },
  {
    command: "evaluate <file>",
    describe: "the research portfolio of a file of forecasts",
    load: async () => (await import("./statistics/evaluate.js")).evaluateCommand,
  },
  {
    command: "notebook <action>",
    describe: "run, publish and keep TypeScript notebooks",
    load: async () => (await import("./notebook/notebook.js")).notebookCommand,
  },
  {
    command: "publish",
    describe: "put a page or an executed notebook on a site",
    load: async () => (await import("./site/publish.js")).publishCommand,
  },
  {
    command: "site <action>",
    describe: "index, serve and tidy up published pages",
    load: async () => (await import("./site/site.js")).siteCommand,
  },
  {
    command: "doctor",
    describe: "what is missing on this machine, and the fix",
    load: async () => (await import("./doctor/doctor.js")).doctorCommand,
  },
];

/**
 * The command that the line begins with. Where it begins with none, all of them: those that it may
 * name behind its flags whole, the others as `--help` lists them.
 *
 * @throws ReckonError `misuse` where a `--` comes before any: what follows would not be run
 */
export async function commandsOf(args: readonly string[]): Promise<CommandModule[]> {
  const dashes = args.indexOf("--");
  if (dashes >= 0 && !COMMANDS.some((one) => args.slice(0, dashes).includes(nameOf(one)))) {
    const fix = "leave it out; `reckon --help` lists the commands";
    throw new ReckonError("misuse", {
      place: "--",
      expected: "a command before it",
      found: "none",
      fix,
    });
  }
  const first = COMMANDS.filter((listed) => nameOf(listed) === args[0]);
  const offered = first.length > 0 ? first : COMMANDS;
  return Promise.all(
    offered.map(async (listed): Promise<CommandModule> => {
      const {command, describe, load} = listed;
      const rest = args.includes(nameOf(listed)) ? ((await load()) as CommandModule) : IDLE;
      return {...rest, command, describe};
    }),
  );
}

/** What a command that is not called takes and does. */
const IDLE: CommandModule = {handler: () => {}};

function nameOf({command}: ListedCommand): string {
  return command.split(" ", 1)[0] as string;
}
