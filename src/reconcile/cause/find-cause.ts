import {accountCause, orderCause} from "./account-causes.js";
import type {Cause, Scene} from "./cause.js";
import {configCause} from "./config-cause.js";
import {firstDivergence} from "./first-divergence.js";
import {gapCause, gapTexts} from "./gap-cause.js";
import {loneRecordCause} from "./lone-record.js";
import {marketCause} from "./market-causes.js";
import {nodeCause} from "./node-cause.js";
import {seenAgainCause} from "./seen-again-cause.js";
import {changedTexts} from "./seen-rows.js";
import {targetCause} from "./target-causes.js";

/**
 * Why the runs part at their first divergence.
 *
 * What comes before it agrees, so the cause acts there: in the market data they were told, in the
 * code that made a node's output of the same inputs, in how an order was executed. The records of
 * both runs say which. Where these have gaps, that is told as well; it is the cause where nothing
 * else differs.
 */
export function findCause(scene: Scene): Cause {
  const {layers, gaps} = scene;
  const isGap = gaps.all.length > 0 && firstDivergence(layers, gaps.has) === undefined;
  const cause = (isGap ? gapCause(scene) : undefined) ?? causeAt(scene);
  const told = [...cause.evidence, ...gapTexts(gaps.all), ...changedTexts(gaps.takenBack)];
  return {...cause, evidence: [...new Set(told)]};
}

function causeAt(scene: Scene): Cause {
  switch (scene.first.layer) {
    case "config":
      return configCause(scene, causeAt);
    case "market data":
      return seenAgainCause(scene) ?? loneRecordCause(scene, "data revision") ?? marketCause(scene);
    case "DAG nodes":
      return seenAgainCause(scene) ?? loneRecordCause(scene, "code or model") ?? nodeCause(scene);
    case "target positions":
      return targetCause(scene);
    case "orders and fills":
      return orderCause(scene);
    default:
      return accountCause(scene);
  }
}
