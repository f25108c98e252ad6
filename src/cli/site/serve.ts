import process from "node:process";
import type {CommandModule} from "yargs";
import type {BatchRun} from "../../../publish/batch/batch-request.js";
import {repeatBatch} from "../../../publish/batch/repeat-batch.js";
import {buildSite} from "../../../publish/site/index/build-site.js";
import {serveSite} from "../../../publish/site/serve/serve-site.js";
import {type SiteRequest, withSite} from "../../../publish/site/site.js";
import {isS3Place} from "../../../publish/storage/s3-storage.js";
import {messageOf} from "../../errors.js";
import {makeFolder} from "../../make-folder.js";
import {untilInterrupted} from "../console/until-interrupted.js";
import {watchLauncher} from "../console/watch-launcher.js";
import {assignments} from "../notebook/parameters.js";
import {timeSpanMs} from "../time-span.js";
import {pageOptions, requiredSite, type SiteFlags, siteOptions} from "./options.js";

interface ServeFlags extends SiteFlags {
  readonly port: number;
  readonly refresh: string | undefined;
  readonly every: string;
  readonly parameter: readonly string[];
  readonly tag: string | undefined;
  readonly stableName: readonly string[];
}

/** `reckon site serve`. */
export const siteServeCommand: CommandModule<object, ServeFlags> = {
  command: "serve",
  describe: "show a site in a browser on this machine; open pages refresh themselves",
  builder: (argv) =>
    siteOptions(pageOptions(argv))
      .option("port", {type: "number", default: 8765, describe: "on 127.0.0.1; 0 takes a free one"})
      .option("refresh", {type: "string", describe: "a notebook to run and publish all the while"})
      .option("every", {type: "string", default: "5m", describe: "how often, like 30s, 5m, 1h"})
      .option("parameter", {
        alias: "p",
        type: "string",
        array: true,
        nargs: 1,
        default: [],
        describe: "a value of it, name=value",
      })
      .group(["refresh", "every", "parameter"], "Refresh") as never,
  handler: async (flags) => {
    const site = requiredSite(flags);
    const everyMs = timeSpanMs("--every", flags.every);
    // What is refreshed may be the first page of a site; a bucket is refused when it is served.
    if (flags.refresh !== undefined && !isS3Place(site.place)) makeFolder(site.place);
    await untilInterrupted(async (outer) => {
      const stop = new AbortController();
      const signal = AbortSignal.any([outer, stop.signal]);
      const launcher = watchLauncher(process.env, () => stop.abort());
      const onListening = (address: string) =>
        void process.stdout.write(`${address}\nCtrl-C ends it\n`);
      const work = [serveSite({dir: site.place, port: flags.port, signal, onListening})];
      if (flags.refresh !== undefined) work.push(refresh(flags, {site, everyMs, signal}));
      try {
        await Promise.all(work);
      } finally {
        launcher.clear();
        stop.abort(); // the one that still goes on
        await Promise.allSettled(work);
      }
    });
  },
};

interface Refreshing {
  readonly site: SiteRequest;
  readonly everyMs: number;
  readonly signal: AbortSignal;
}

async function refresh(flags: ServeFlags, {site, everyMs, signal}: Refreshing): Promise<void> {
  const {parameter, stableName: stableNames, tag} = flags;
  const request = {
    notebookPath: flags.refresh as string,
    configs: [{}],
    parameterLayers: [{origin: "environment", variables: process.env}],
    parameterTexts: assignments(parameter),
    publishTo: {site, stableNames, ...(tag !== undefined && {tag})},
  };
  const onFault = (error: unknown) => void process.stderr.write(`${messageOf(error)}\n`);
  await repeatBatch(request, {
    everyMs,
    signal,
    onFault,
    onEnded: (result) => {
      process.stdout.write(result.runs.map(runLine).join(""));
      withSite(site, buildSite).catch(onFault);
    },
  });
}

/** The result folder is gone by now: what there is to see is on the site. */
function runLine(run: BatchRun): string {
  if (run.state === "broken") return `${run.error.message}\n`;
  if (run.state !== "published") return "";
  const {outcome, problems, published, status} = run.result;
  const why = outcome.failure === null ? [] : [outcome.failure.message];
  const end = `${status}: ${published?.link ?? "not published"}`;
  return `${[end, ...why, ...problems].join("\n  ")}\n`;
}
