import type {ConfigTree} from "../../config/config-tree.js";
import {formatMinute} from "../../time/epoch.js";
import type {NodeRows} from "../record/node-rows.js";
import type {RecordedSide} from "../record/recorded-side.js";
import {type Cause, causeOf, type Scene} from "./cause.js";
import type {ChangedRow} from "./seen-rows.js";

/** A node made something else of the same inputs: its code, or what it learned, is another. */
export function nodeCause({first, both, layers, gaps}: Scene): Cause {
  const dag = layers.find(({name}) => name === "DAG nodes");
  const cells = dag?.differences.node.filter((node) => node === first.node).length ?? 0;
  const [prodCode, simCode] = [both.prod, both.sim].map(codeOf) as [string, string];
  const isOtherCode = prodCode !== simCode;
  const isUnseen = hasUnrecordedRows(both.prod.nodes[0]) || hasUnrecordedRows(both.sim.nodes[0]);
  const changed = gaps.takenBack.find(
    ({node, barEnd}) => node === both.prod.nodes[0]?.id && barEnd === first.barEnd,
  );
  return causeOf(
    {
      name: "code or model",
      confidence: isOtherCode
        ? "certain"
        : isUnseen || changed !== undefined
          ? "possible"
          : "likely",
    },
    [
      `Node ${first.node} is the first that differs: config and market data agree up to ` +
        `${formatMinute(first.barEnd)} UTC, and so do the nodes before it` +
        `${gaps.takenBack.length > 0 ? ", but for what a record takes back" : ""}.`,
      `Of this node ${cells === 1 ? "one value differs" : `${cells} values differ`} from then on.`,
      isOtherCode
        ? `Prod ran ${prodCode}, the simulation ${simCode}.`
        : `Both ran ${prodCode}, as far as recorded.`,
    ],
    [["data revision", changed === undefined ? revisionText(isUnseen) : asSeenText(changed)]],
  );
}

function revisionText(isUnseen: boolean): string {
  return isUnseen
    ? "the first node recorded only the last of each bar's rows: others may have been " +
        "corrected; record more of them with dag_property_config.debug_mode_config.save_node_io"
    : "market data that no record of the first node holds (history from before the run) " +
        "may have been corrected";
}

/** That a run may have worked on a row as its record of this bar alone has it. */
function asSeenText({side, instrument, end}: ChangedRow): string {
  return (
    `${side === "prod" ? "prod" : "the simulation"} may have been told so of the row of ` +
    `${instrument} that ended ${formatMinute(end)} UTC, and better a bar later`
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
