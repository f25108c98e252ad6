import {resolve} from "node:path";
import process from "node:process";
import {pathToFileURL} from "node:url";
import type {CommandModule} from "yargs";
import {stopwatchMs} from "../time/system-clock.js";
import {untilInterrupted} from "./console/until-interrupted.js";

/** `reckon demo`. */
export const demoCommand: CommandModule = {
  builder: (argv) =>
    argv
      .option("dst-dir", {
        type: "string",
        default: "./reckon-demo",
        describe: "where everything goes; an existing folder is renamed",
      })
      .option("data", {
        type: "string",
        describe: "folder of recorded 5-minute csv bars; default: a simulated market",
      })
      .option("exchange", {
        type: "string",
        describe: "name of the recorded market; default: the first word of the folder's name",
      })
      .option("json", {type: "boolean", default: false, describe: "print the result as JSON"}),
  handler: async (parsed) => {
    const args = parsed as unknown as DemoArgs;
    const {runDemo} = await import("../flows/demo/demo.js");
    const start = stopwatchMs();
    const tell = (text: string): void => {
      if (!args.json) {
        process.stdout.write(`${text}\n`);
      }
    };
    const seconds = (): string => ((stopwatchMs() - start) / 1_000).toFixed(1).padStart(5);
    const result = await untilInterrupted((signal) =>
      runDemo({
        dstDir: resolve(args.dstDir),
        from: args.data === undefined ? undefined : resolve(args.data),
        exchange: args.exchange,
        signal,
        onStep: (step) => {
          tell(`${seconds()} s  ${step}`);
        },
      }),
    );
    const {index, preserved, verdict, pages, pictures} = result;
    if (args.json) {
      const links = Object.fromEntries(Object.entries(pages).map(([name, {link}]) => [name, link]));
      const paths = pictures.map(({path}) => path);
      const report = {index, preserved, verdict: verdict.status, pages: links, pictures: paths};
      process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
      return;
    }
    tell(`${seconds()} s  done\n`);
    if (preserved !== undefined) {
      tell(`the older folder is kept as ${preserved}`);
    }
    tell(verdict.sentence);
    for (const {path} of pictures) {
      tell(`picture  ${path}`);
    }
    tell(`open     ${pathToFileURL(index).href}`);
  },
};

interface DemoArgs {
  readonly dstDir: string;
  readonly data?: string;
  readonly exchange?: string;
  readonly json: boolean;
}
