import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {gunzipSync, gzipSync} from "node:zlib";
import {afterAll, beforeAll, beforeEach, expect} from "vitest";
import type {StepName} from "../../../src/cli/reconcile/step-flags.js";
import {unlockTree} from "../../../src/flows/reconcile/write-permission.js";
import {runFolderHash} from "../../../src/runlog/folder-hash.js";
import {type CommandResult, reckon} from "../../cli/command-line.js";
import {placeSimulatedMarket} from "../../market/simulated/simulated-data.js";
import {flagsFor} from "./flags-for.js";

export const [START, END] = ["20250901_200000", "20250901_203000"];
const PATH = join("C1", "paper_trading", "scheduled", `${START}.${END}`);

/** A recorded run of half an hour below `{dir}/desk/prod`, and steps that reconcile it. */
export class StepDesk {
  readonly dir = mkdtempSync(join(tmpdir(), "reckon-step-desk-"));
  readonly dataDir = join(this.dir, "data");
  /** Root of the reconciliations; another for each test. */
  dst = "";
  #count = 0;

  /** Made before the tests of a file, with a root of its own for each, and removed behind them. */
  constructor() {
    beforeAll(() => this.#record(), 120_000);
    beforeEach(() => {
      this.dst = join(this.dir, `dst-${++this.#count}`);
    });
    afterAll(() => {
      unlockTree(this.dir);
      rmSync(this.dir, {recursive: true, force: true});
    });
  }

  async #record(): Promise<void> {
    await placeSimulatedMarket(this.dataDir);
    const what = ["--model", "C1", "--run-mode", "paper_trading", "--data-dir", this.dataDir];
    const when = ["--start-timestamp", START, "--end-timestamp", END, "--mode", "scheduled"];
    const place = ["--root-dir", join(this.dir, "desk"), "--stage", "prod"];
    expect(await reckon("run", ...what, ...when, ...place)).toMatchObject({exitCode: 0});
  }

  /** A step on the recorded run; flags given here go before those that it is given anyway. */
  step(name: StepName, ...more: readonly string[]): Promise<CommandResult> {
    const flags = {
      model: "C1",
      "run-mode": "paper_trading",
      "start-timestamp": START,
      "end-timestamp": END,
      "dst-root-dir": this.dst,
      "prod-data-source-dir": join(this.dir, "desk", "prod"),
      "data-dir": this.dataDir,
    };
    const own = Object.fromEntries(
      Object.entries(flags).filter(([flag]) => !more.includes(`--${flag}`)),
    );
    return reckon("reconcile", name, ...flagsFor(name, own), ...more);
  }

  /** The same, which must go well; what it printed. */
  async done(name: StepName, ...more: readonly string[]): Promise<string> {
    const {exitCode, stdout, stderr} = await this.step(name, ...more);
    expect({exitCode, stderr}).toEqual({exitCode: 0, stderr: ""});
    return stdout;
  }

  /** A path in the reconciliation. */
  at(...parts: readonly string[]): string {
    return join(this.dst, PATH, ...parts);
  }

  simHash(): string {
    return runFolderHash(this.at("simulation", "system_log_dir"));
  }

  /** Folder of the store's replay file with every price raised by a tenth. */
  async raisedReplayFile(): Promise<string> {
    const own = this.dst;
    this.dst = join(this.dir, "raised");
    if (!existsSync(this.dst)) {
      await this.done("copy-prod-data");
      await this.done("dump-market-data", "--no-prevent-overwriting");
      const path = this.at("simulation", "test_data.csv.gz");
      writeFileSync(path, gzipSync(raised(gunzipSync(readFileSync(path)).toString())));
    }
    const place = this.at("simulation");
    this.dst = own;
    return place;
  }
}

function raised(csv: string): string {
  const [head = "", ...lines] = csv.split("\n");
  const prices = ["open", "high", "low", "close"].map((name) => head.split(",").indexOf(name));
  const cellOf = (cell: string, i: number): string =>
    prices.includes(i) ? String(Number(cell) * 1.1) : cell;
  return [head, ...lines.map((line) => line.split(",").map(cellOf).join(","))].join("\n");
}
