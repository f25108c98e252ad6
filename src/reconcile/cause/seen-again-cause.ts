import {formatMinute} from "../../time/epoch.js";
import {featureSeenAgain} from "../layers/seen-again.js";
import {type Cause, causeOf, type Scene} from "./cause.js";
import {changedRow, changedText} from "./seen-rows.js";

/**
 * Why the runs tell otherwise of a row that they knew alike at first; undefined where the first
 * difference is none of that kind, or a node made something else of its inputs.
 *
 * Who is told of a correction stands by it from then on, and what is made of the row is another.
 * Where the next bar takes it back, or neither it nor anything made of it tells so again, it is the
 * record that is wrong.
 */
export function seenAgainCause(scene: Scene): Cause | undefined {
  const {first, both} = scene;
  const row = changedRow(both, first);
  if (row === undefined) {
    return undefined;
  }
  const isMarket = first.layer === "market data";
  if (row.isTakenBack) {
    // In words it is told together with all such rows.
    return causeOf({name: "record contradicts itself", confidence: "certain"}, []);
  }
  if (!row.isKept && !hasConsequences(scene)) {
    return causeOf(
      {name: "record contradicts itself", confidence: "likely"},
      [changedText(row), "Nothing that is made of this row is another."],
      [
        [
          isMarket ? "data revision" : "code or model",
          "no later record holds the row: it may have been so, and nothing have followed",
        ],
      ],
    );
  }
  const owner = row.side === "prod" ? "Prod" : "The simulation";
  return isMarket
    ? causeOf({name: "data revision", confidence: "certain"}, [
        `Both runs knew the row of ${row.instrument} that ended ${formatMinute(row.end)} UTC ` +
          "alike when they decided the bar.",
        `${owner} was told of a correction at the bar ${formatMinute(row.barEnd)} UTC, and the ` +
          "other run was not.",
      ])
    : undefined;
}

/** True where anything but what this node saw again differs from then on. */
function hasConsequences({first, layers, gaps}: Scene): boolean {
  return layers.some(({name, differences: {barEnd, node, field}}) =>
    barEnd.some(
      (bar, row) =>
        bar >= first.barEnd &&
        !gaps.has(name, row) &&
        (node[row] !== first.node || featureSeenAgain(field[row] as string) === undefined),
    ),
  );
}
