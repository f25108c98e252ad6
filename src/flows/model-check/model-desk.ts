import {rmSync} from "node:fs";
import {mkdtemp} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import type {Override} from "../../config/override.js";
import type {SystemConfig} from "../../config/system-config.js";
import type {Dag} from "../../dag/dag.js";
import type {BarTable} from "../../market/bars.js";
import type {Instrument} from "../../market/instruments/instrument.js";
import {marketPanel} from "../../market/market-panel.js";
import {findModel} from "../../models/registry.js";
import {RunFolder} from "../../runlog/reading/run-folder.js";
import type {RecordedRunMarket} from "../../system/run/run-market.js";
import {type RunRequest, runSystem} from "../../system/run/run-system.js";
import {systemConfigOf} from "../../system/run/system-config-of.js";
import type {Panel} from "../../table/panel.js";
import {type EpochMs, SECOND_MS} from "../../time/epoch.js";

/** What a model is checked on. */
export interface ModelDeskOptions {
  readonly model: string;
  readonly market: RecordedRunMarket;
  /** The interval of the trial runs; the bars before it are the model's history. */
  readonly start: EpochMs;
  readonly end: EpochMs;
  readonly overrides?: readonly Override[];
  /** Root of the desk's runs, with its stage and `system_reconciliation`. */
  readonly runsDir?: string;
  /** Root of the desk's reconciliations. */
  readonly reconciliationsDir?: string;
}

/** A model with a market and a scratch folder; trial runs are made once and shared. */
export class ModelDesk {
  readonly options: ModelDeskOptions;
  readonly config: SystemConfig;
  readonly barMs: number;
  readonly #scratch: string;
  readonly #runs = new Map<string, Promise<RunFolder>>();

  private constructor(options: ModelDeskOptions, scratch: string) {
    this.options = options;
    this.#scratch = scratch;
    this.config = this.configOf();
    this.barMs = this.config.dag_runner_config.bar_duration_in_secs * SECOND_MS;
  }

  /**
   * Makes the scratch folder; {@link close} removes it.
   *
   * @throws ReckonError `misuse` when the model is unknown or its config is wrong
   */
  static async open(options: ModelDeskOptions): Promise<ModelDesk> {
    findModel(options.model);
    const scratch = await mkdtemp(join(tmpdir(), "reckon-model-check-"));
    try {
      return new ModelDesk(options, scratch);
    } catch (error) {
      rmSync(scratch, {recursive: true, force: true});
      throw error;
    }
  }

  close(): void {
    rmSync(this.#scratch, {recursive: true, force: true});
  }

  get bars(): BarTable {
    return this.options.market.bars;
  }

  get instruments(): readonly Instrument[] {
    return this.options.market.instruments;
  }

  /** A folder of the scratch area that is not there yet. */
  place(name: string): string {
    return join(this.#scratch, name);
  }

  /** The model's own DAG, built anew. */
  dag(): Dag {
    return findModel(this.options.model).dag(this.config.dag_config, this.barMs);
  }

  /** Everything the market has up to `end`, as the DAG gets it. */
  panel(bars: BarTable = this.bars): Panel {
    return marketPanel(bars);
  }

  configOf(overrides: readonly Override[] = []): SystemConfig {
    const {model, market} = this.options;
    const {exchange, timeframe, instruments} = market;
    const ids = instruments.map(({id}) => id);
    return systemConfigOf(
      findModel(model),
      {runMode: "simulation", exchange, timeframe, instrumentIds: ids},
      [...(this.options.overrides ?? []), ...overrides],
    );
  }

  /** A trial run, made at the first call of that name. */
  run(name: string, changes: Partial<RunRequest> = {}): Promise<RunFolder> {
    const known = this.#runs.get(name) ?? this.#run(name, changes);
    this.#runs.set(name, known);
    return known;
  }

  async #run(name: string, changes: Partial<RunRequest>): Promise<RunFolder> {
    const {model, market, start, end, overrides = []} = this.options;
    const {exchange, timeframe, instruments} = market;
    const {dir} = await runSystem({
      model,
      runMode: "simulation",
      start,
      end,
      dir: this.place(name),
      choices: {exchange, timeframe, instrumentIds: instruments.map(({id}) => id)},
      market: async () => market,
      ...changes,
      overrides: [...overrides, ...(changes.overrides ?? [])],
    });
    return new RunFolder(dir);
  }
}
