import {columnOf, type Frame} from "../../table/frame.js";
import {type EpochMs, formatMinute} from "../../time/epoch.js";
import {formatCount} from "../../words.js";
import {freshRows} from "../layers/node-layers.js";
import type {NodeRows} from "../record/node-rows.js";
import type {SideName} from "../record/recorded-side.js";
import {type Cause, causeOf, type Divergence, type Scene} from "./cause.js";
import {barBefore, clockText, isClockOff, sideOf, valueAt} from "./scene.js";
import {stampShift} from "./stamp-shift.js";

/** What one side knew of one row, next to what the other did. */
interface RowSeen {
  readonly side: SideName;
  readonly node: NodeRows;
  readonly frames: readonly Frame[];
  /** The same features of the other side. */
  readonly others: readonly Frame[];
}

/** Other market data: shifted in time, missing, late, or corrected. */
export function marketCause(scene: Scene): Cause {
  const {first, both} = scene;
  const [prod, sim] = [both.prod, both.sim].map(({nodes}) =>
    nodes.find(({id}) => id === first.node),
  ) as [NodeRows, NodeRows];
  const shift = stampShift(prod, sim);
  if (shift !== undefined) {
    return causeOf({name: "clock", confidence: "certain"}, [
      `Prod's rows are those of the simulation ${barCount(shift.bars)} ` +
        `${shift.bars > 0 ? "earlier" : "later"}: ${shift.share}% of the values agree once they ` +
        "are moved, and hardly any as they stand.",
      "Bars are stamped by another end, or one of the clocks is off by that much.",
    ]);
  }
  const features = prod.features.filter((name) => sim.features.includes(name));
  const frames = features.map(freshRows(prod, sim, both.isComparable));
  const others = features.map(freshRows(sim, prod, both.isComparable));
  const {barEnd, instrument} = first;
  const seen: RowSeen[] = [
    {side: "prod", node: prod, frames, others},
    {side: "sim", node: sim, frames: others, others: frames},
  ];
  const lacking = seen.find((one) => isLacking(one, barEnd, instrument));
  return lacking === undefined
    ? (staleCause(scene, staleSide(seen, features, first)) ?? revisionCause(scene, prod, features))
    : lackingCause(scene, lacking, features);
}

/** The side that carried on, in a feature that differs, what the row before had. */
function staleSide(seen: readonly RowSeen[], features: readonly string[], first: Divergence) {
  const {barEnd, instrument, field} = first;
  const k = features.indexOf(field);
  return seen.find(({frames}) => {
    const frame = frames[k];
    const before = frame?.index[frame.index.indexOf(barEnd) - 1] ?? Number.NaN;
    return valueAt(frame, barEnd, instrument) === valueAt(frame, before, instrument);
  });
}

/**
 * True where a side has no value that the other has, or carries over all the values of the row
 * before, as a model does that fills gaps; a price alone that stands still is stale, not missing.
 */
function isLacking({frames, others}: RowSeen, barEnd: EpochMs, id: string): boolean {
  const cells = frames.map((frame, i) => {
    const at = frame.index.indexOf(barEnd);
    const before = frame.index[at - 1] ?? Number.NaN;
    return {
      own: valueAt(frame, barEnd, id),
      other: valueAt(others[i], barEnd, id),
      before: valueAt(frame, before, id),
    };
  });
  const isMissing = cells.some(({own, other}) => Number.isNaN(own) && !Number.isNaN(other));
  const known = cells.filter(({own}) => !Number.isNaN(own));
  const isCarried =
    known.some(({own, other}) => own !== other) && known.every(({own, before}) => own === before);
  return isMissing || (isCarried && cells.length > 1);
}

/** What a side calls an instrument that it does not know, by its values; undefined for none. */
function renamed({node, frames, others}: RowSeen, id: string): string | undefined {
  const theirs = others.flatMap(({columns}) => columns);
  return node.instruments.includes(id)
    ? undefined
    : node.instruments.find(
        (name) =>
          !theirs.includes(name) &&
          frames.every((frame, i) => {
            const other = others[i] as Frame;
            const [a, b] = [frame.data[frame.columns.indexOf(name)], columnOf(other, id)];
            return b.every((x, t) => Object.is(x, a?.[t]));
          }),
      );
}

function lackingCause(scene: Scene, seen: RowSeen, features: readonly string[]): Cause {
  const {first, both} = scene;
  const {barEnd, instrument} = first;
  const {side, node} = seen;
  const twin = renamed(seen, instrument);
  if (twin !== undefined) {
    return causeOf({name: "data revision", confidence: "certain"}, [
      `${nameOf(side)}'s rows of ${twin} are those of ${instrument} in the other run: the ` +
        "instrument has another name.",
    ]);
  }
  const own = sideOf(both, side);
  const row = `the row of ${instrument} that ended ${formatMinute(barEnd)} UTC`;
  const due = [...both.prod.bars, ...both.sim.bars]
    .filter((bar) => bar >= barEnd)
    .reduce((least, bar) => Math.min(least, bar), Number.POSITIVE_INFINITY);
  const known = (frame: Frame | undefined): boolean =>
    !Number.isNaN(valueAt(frame, barEnd, instrument));
  if (!own.bars.includes(due)) {
    const before = barBefore(both, due);
    const isOff = isClockOff(both, before);
    return causeOf(
      {name: "clock", confidence: isOff ? "certain" : "possible"},
      [
        `${nameOf(side)} has no record of the bar ${formatMinute(due)} UTC at all, but of the ` +
          "bars around it: as far as is recorded, it did not handle the bar.",
        clockText(both, before),
      ],
      [
        ["missing bar", "the market data of the bar are in the records of the other run"],
        ...(isOff ? [] : [["record gap", "files of the bar may have been lost"] as const]),
      ],
    );
  }
  const isSeenLater = features.some(
    (name, i) =>
      !known(seen.frames[i]) &&
      (known(node.later.get(name)) || known(node.fresh.get(name))) &&
      known(seen.others[i]),
  );
  if (isSeenLater) {
    return causeOf({name: "late data", confidence: "certain"}, [
      `${nameOf(side)} did not have ${row} when it decided the bar, and had it at a later bar, ` +
        "with the values that the other run had at once.",
    ]);
  }
  const isLookedFor = node.bars.some((bar) => bar > due) && node.ends.includes(barEnd);
  return causeOf(
    {name: "missing bar", confidence: isLookedFor ? "certain" : "possible"},
    [
      `${nameOf(side)} never had ${row}; the other run did.`,
      isLookedFor
        ? "The records of later bars, which show the row again, lack it too."
        : "No later record shows the row again.",
    ],
    isLookedFor ? [] : [["late data", "the row may have come after the last record that shows it"]],
  );
}

/** A row that was there in time with the price of the row before it. */
function staleCause({first}: Scene, stale: RowSeen | undefined): Cause | undefined {
  if (stale === undefined) {
    return undefined;
  }
  const {barEnd, instrument, field} = first;
  const {side, node} = stale;
  const other = side === "prod" ? first.sim : first.prod;
  const isSeenLater = valueAt(node.later.get(field), barEnd, instrument) === other;
  return causeOf(
    {
      name: isSeenLater ? "late data" : "data revision",
      confidence: isSeenLater ? "certain" : "likely",
    },
    [
      `${nameOf(side)}'s ${field} of ${instrument} at ${formatMinute(barEnd)} UTC is stale: it ` +
        "is that of the row before.",
      isSeenLater
        ? "At a later bar it had the value that the other run had at once."
        : "No later record of it has the value that the other run had.",
    ],
  );
}

function revisionCause({first, both}: Scene, prod: NodeRows, features: readonly string[]): Cause {
  const {barEnd, instrument} = first;
  const revised = features.filter((name) => {
    const later = valueAt(prod.later.get(name), barEnd, instrument);
    const fresh = valueAt(prod.fresh.get(name), barEnd, instrument);
    return !Number.isNaN(later) && later !== fresh;
  });
  return causeOf(
    {name: "data revision", confidence: "certain"},
    [
      `Both runs knew the row of ${instrument} that ended ${formatMinute(barEnd)} UTC in time, ` +
        "each with values of its own.",
      revised.length === 0
        ? "The row was corrected between the run and its simulation."
        : `Prod itself saw ${revised.join(", ")} change at a later bar.`,
    ],
    both.prod.layout === "reference"
      ? [["code or model", "the reference's first node may already compute"]]
      : [],
  );
}

function barCount(bars: number): string {
  return formatCount(Math.abs(bars), "bar");
}

function nameOf(side: SideName): string {
  return side === "prod" ? "Prod" : "The simulation";
}
