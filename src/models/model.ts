import type {ConfigTree} from "../config/config-tree.js";
import type {Dag} from "../dag/dag.js";

/** A trading model: a name, what it changes in the default config, and its DAG. */
export interface Model {
  /** Short id, for example `C1`: what `--model` takes and folders are named by. */
  readonly id: string;
  /** Other names it goes by, for example in a reference command line. */
  readonly aliases?: readonly string[];
  readonly summary: string;
  /** Fewer than this and it has nothing to say; 1 when left out. */
  readonly fewestInstruments?: number;
  /** Laid over the default config; its `dag_config` holds the nodes' parameters. */
  readonly config: ConfigTree;
  /**
   * The DAG, from a panel named `market` to a last node with the price, volatility and
   * prediction columns that the config names.
   *
   * @param params the checked config's `dag_config`: node id -> parameters
   * @param barMs length of the trading period
   */
  readonly dag: (params: Readonly<Record<string, ConfigTree>>, barMs: number) => Dag;
}
