import type {ConfigTree} from "../../config/config-tree.js";
import {formatMinute} from "../../time/epoch.js";
import type {RecordedSide} from "../record/recorded-side.js";
import {type Cause, causeOf, type Scene} from "./cause.js";

/** A node made something else of the same inputs: its code, or what it learned, is another. */
export function nodeCause({first, both, layers}: Scene): Cause {
  const dag = layers.find(({name}) => name === "DAG nodes");
  const cells = dag?.differences.node.filter((node) => node === first.node).length ?? 0;
  const codes = [both.prod, both.sim].map(codeOf) as [Code, Code];
  const isOtherCode = codes[0].text !== codes[1].text;
  return causeOf(
    {name: "code or model", confidence: isOtherCode ? "certain" : "likely"},
    [
      `Node ${first.node} is the first that differs: config and market data agree up to ` +
        `${formatMinute(first.barEnd)} UTC, and so do the nodes before it.`,
      `Of this node, ${cells} values differ from there on.`,
      isOtherCode
        ? `Prod ran ${codes[0].text}, the simulation ${codes[1].text}.`
        : `Both ran ${codes[0].text}, as far as recorded.`,
    ],
    [
      [
        "data revision",
        "market data that no record of the first node holds (history from before the run) may " +
          "have been corrected",
      ],
    ],
  );
}

interface Code {
  readonly text: string;
}

/** Version and commit, as `run.json` has them. */
function codeOf({record}: RecordedSide): Code {
  const volatile = (record.volatile ?? {}) as ConfigTree;
  const version =
    volatile.reckon === undefined ? "an unknown version" : `version ${volatile.reckon}`;
  const commit = volatile.git_commit;
  return {
    text: typeof commit === "string" ? `${version}, commit ${commit.slice(0, 12)}` : version,
  };
}
