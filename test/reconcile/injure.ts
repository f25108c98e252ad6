import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll} from "vitest";
import {parseOverride} from "../../src/config/override.js";
import {type Reconciliation, reconcileRuns} from "../../src/reconcile/reconcile-runs.js";
import {RunFolder} from "../../src/runlog/reading/run-folder.js";
import {type FileColumn, formatParquet, parseParquet} from "../../src/table/parquet.js";
import {record} from "./faults/inject.js";
import {smallC1} from "./faults/walk-market.js";

/** Of each recorded run. */
export const BARS = 8;
/** The bar whose files are injured, counted from 0. */
export const AT = 3;

export const PORTFOLIO = join("process_forecasts", "portfolio");
export const NODES = join("dag", "node_io", "node_io.data");
export const TARGETS = join("process_forecasts", "target_positions");
export const ORDERS = join("process_forecasts", "orders");
export const FILLS = join("process_forecasts", "fills");

/** Something that is done to a run folder. */
export type Injury = (dir: string) => void | Promise<void>;

/** Runs of one and the same: nodes in Parquet or in csv.gz, or the simulation of both. */
export type RecordedAs = "parquet" | "gz" | "sim";

/** A run that was recorded in several ways. */
class InjuredRuns {
  readonly root = mkdtempSync(join(tmpdir(), "reckon-injured-"));
  #count = 0;

  async record(): Promise<void> {
    const run = smallC1({seed: 2, bars: BARS});
    const asCsv = parseOverride("dag_property_config.debug_mode_config.save_node_io=df_as_csv");
    await record(run, join(this.root, "parquet"), {files: "per-bar"});
    await record(run, join(this.root, "gz"), {files: "per-bar", overrides: [asCsv]});
    await record(run, join(this.root, "sim"));
  }

  /** A copy of a run with something done to its folder. */
  async copy(injury: Injury, whole: string = join(this.root, "parquet")): Promise<string> {
    const dir = join(this.root, `injured-${++this.#count}`);
    cpSync(whole, dir, {recursive: true});
    await injury(dir);
    return dir;
  }

  /** Such a copy against its simulation. */
  async reconcile(
    injury: Injury,
    whole: RecordedAs = "parquet",
    sim: RecordedAs = "sim",
  ): Promise<Reconciliation> {
    const dir = await this.copy(injury, join(this.root, whole));
    return await reconcileRuns(new RunFolder(dir), new RunFolder(join(this.root, sim)));
  }
}

/** Such runs for the tests of a file. */
export function injuredRuns(): InjuredRuns {
  const runs = new InjuredRuns();
  beforeAll(async () => {
    await runs.record();
  }, 60_000);
  afterAll(() => {
    rmSync(runs.root, {recursive: true, force: true});
  });
  return runs;
}

/** The `at`-th record of a stream; of a node, that of files whose names hold `like`. */
export function recordPath(dir: string, stream: string, {at = AT, like = ""} = {}): string {
  const names = readdirSync(join(dir, stream)).filter(
    (name) => name.includes(like) && !name.endsWith(".txt"),
  );
  return join(dir, stream, names.sort()[at] as string);
}

/** Half of a bar's record is gone. */
export function cut(stream: string, like = ""): Injury {
  return (dir) => {
    const path = recordPath(dir, stream, {like});
    truncateSync(path, Math.floor(readFileSync(path).length / 2));
  };
}

/** All of a bar's record is gone but its name. */
export function emptied(stream: string, like = ""): Injury {
  return (dir) => truncateSync(recordPath(dir, stream, {like}), 0);
}

/** A bar's record as another text. */
export function edited(stream: string, edit: (text: string) => string): Injury {
  return (dir) => {
    const path = recordPath(dir, stream);
    writeFileSync(path, edit(readFileSync(path, "utf8")));
  };
}

/** A bar's record of a node, or a stream's one file, with other columns. */
export function inParquet(
  stream: string,
  edit: (columns: FileColumn[]) => FileColumn[],
  like = "",
): Injury {
  return async (dir) => {
    const path = recordPath(dir, stream, {at: like === "" ? 0 : AT, like});
    writeFileSync(path, formatParquet(edit(await parseParquet(readFileSync(path), path))));
  };
}
