import {formatCount} from "../../words.js";
import type {LayerName} from "../layers/layer.js";
import {type Cause, causeOf, type Scene} from "./cause.js";
import {firstDivergence} from "./first-divergence.js";

/** Which layers a config key can change first, by the beginning of its path. */
const REACH: readonly (readonly [prefix: string, layers: readonly LayerName[]])[] = [
  ["market_data_config", ["market data", "DAG nodes", "target positions"]],
  ["dag_config", ["market data", "DAG nodes"]],
  ["dag_builder_class", ["market data", "DAG nodes"]],
  ["portfolio_config.broker_config.fee_bps", ["orders and fills", "PnL", "holdings"]],
  ["portfolio_config.broker_config", ["orders and fills", "holdings", "PnL"]],
  ["portfolio_config.initial_cash", ["holdings", "PnL"]],
  ["portfolio_config", ["orders and fills", "holdings", "PnL", "target positions"]],
  ["process_forecasts_node_dict", ["target positions", "orders and fills"]],
];

/** The keys that differ, and which of them can explain what differs first after them. */
export function configCause(scene: Scene, findCause: (scene: Scene) => Cause): Cause {
  const config = scene.layers.find(({name}) => name === "config");
  const keys = config?.differences.field ?? [];
  const effect = firstDivergence(
    scene.layers.filter(({name}) => name !== "config"),
    scene.gaps.has,
  );
  const told = keys.slice(0, 3).map((key, i) => {
    const [prod, sim] = [config?.differences.prod[i], config?.differences.sim[i]];
    return `${key} is ${prod} in prod and ${sim} in sim.`;
  });
  const more = keys.length > 3 ? `So do ${formatCount(keys.length - 3, "more key")}.` : "";
  if (effect === undefined) {
    return causeOf({name: "config", confidence: "certain"}, [
      ...told,
      more,
      "No later layer differs because of it.",
    ]);
  }
  const able = keys.filter((key) => canReach(key, effect.layer));
  if (able.length > 0) {
    return causeOf({name: "config", confidence: keys.length === 1 ? "certain" : "likely"}, [
      ...told,
      more,
      `${namesOf(able)} can change ${effect.layer}, where the runs part next.`,
    ]);
  }
  const other = findCause({...scene, first: effect});
  return causeOf(
    {name: "config", confidence: "possible"},
    [...told, more, `None of these is known to change ${effect.layer}, where the runs part next.`],
    [[other.name, other.evidence.join(" ")]],
  );
}

/** The first few of many. */
function namesOf(keys: readonly string[]): string {
  const shown = keys.slice(0, 3).join(", ");
  return keys.length > 3 ? `${shown} and ${keys.length - 3} more` : shown;
}

function canReach(key: string, layer: LayerName): boolean {
  const reach = REACH.find(([prefix]) => key.startsWith(prefix));
  return reach === undefined || reach[1].includes(layer);
}
