import type {ConfigTree} from "../../config/config-tree.js";
import {formatMinute} from "../../time/epoch.js";
import type {NodeRows} from "../record/node-rows.js";
import type {RecordedSide} from "../record/recorded-side.js";
import {type Cause, causeOf, type Scene} from "./cause.js";

/** A node made something else of the same inputs: its code, or what it learned, is another. */
export function nodeCause({first, both, layers}: Scene): Cause {
  const dag = layers.find(({name}) => name === "DAG nodes");
  const cells = dag?.differences.node.filter((node) => node === first.node).length ?? 0;
  const [prodCode, simCode] = [both.prod, both.sim].map(codeOf) as [string, string];
  const isOtherCode = prodCode !== simCode;
  const isUnseen = hasUnrecordedRows(both.prod.nodes[0]) || hasUnrecordedRows(both.sim.nodes[0]);
  return causeOf(
    {
      name: "code or model",
      confidence: isOtherCode ? "certain" : isUnseen ? "possible" : "likely",
    },
    [
      `Node ${first.node} is the first that differs: config and market data agree up to ` +
        `${formatMinute(first.barEnd)} UTC, and so do the nodes before it.`,
      `Of this node ${cells === 1 ? "one value differs" : `${cells} values differ`} from then on.`,
      isOtherCode
        ? `Prod ran ${prodCode}, the simulation ${simCode}.`
        : `Both ran ${prodCode}, as far as recorded.`,
    ],
    [
      [
        "data revision",
        isUnseen
          ? "the first node recorded only the last of each bar's rows: others may have been " +
            "corrected; record more of them with dag_property_config.debug_mode_config.save_node_io"
          : "market data that no record of the first node holds (history from before the run) " +
            "may have been corrected",
      ],
    ],
  );
}

/** True where a bar brings more rows than were recorded of it, as one of shorter bars does. */
function hasUnrecordedRows(node: NodeRows | undefined): boolean {
  if (node === undefined || node.bars.length < 2 || node.ends.length < 2) {
    return false;
  }
  const rowMs = node.ends.slice(1).reduce((least, end, t) => {
    return Math.min(least, end - (node.ends[t] as number));
  }, Number.POSITIVE_INFINITY);
  return node.bars.some((bar, k) => {
    const before = node.bars[k - 1];
    return before !== undefined && (node.reach[k] as number) > before + rowMs && bar > before;
  });
}

/** Version and commit, as `run.json` has them. */
function codeOf({record}: RecordedSide): string {
  const volatile = (record.volatile ?? {}) as ConfigTree;
  const version =
    volatile.reckon === undefined ? "an unknown version" : `version ${volatile.reckon}`;
  const commit = volatile.git_commit;
  return typeof commit === "string" ? `${version}, commit ${commit.slice(0, 12)}` : version;
}
