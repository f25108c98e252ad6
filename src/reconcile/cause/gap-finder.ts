import {countUpTo} from "../../table/frame.js";
import type {EpochMs} from "../../time/epoch.js";
import type {Difference} from "../compare/difference.js";
import type {Comparable} from "../layers/comparable.js";
import type {LayerName} from "../layers/layer.js";
import type {SideName} from "../record/recorded-side.js";
import {type ErasureWitness, erasedBars} from "./erased-bars.js";
import type {RecordGap} from "./record-gap.js";
import {SideRecords, type StreamName} from "./side-records.js";

const SHARES: readonly StreamName[] = ["holdings_shares", "executed_trades_shares"];
const WITNESSES: readonly StreamName[] = [
  "orders",
  "fills",
  "target_positions",
  ...SHARES,
  "holdings_notional",
  "executed_trades_notional",
  "statistics",
];

/** Metrics that no account can be without; its fees may be taken from elsewhere. */
const METRICS = ["cash", "gmv", "pnl"];

/** A value that a side lacks. */
interface Place {
  readonly stream: StreamName;
  readonly barEnd: EpochMs;
  /** Of the account, the field. */
  readonly id: string;
  readonly own: SideRecords;
  readonly other: SideRecords;
}

/** What shows that a row existed, and whether it is the whole row of the bar that is gone. */
interface Shown extends Pick<RecordGap, "witness" | "isSure"> {
  readonly isWhole: boolean;
}

/** Tells, of values that one side lacks, which of them its other records show to have existed. */
export class GapFinder {
  readonly #records: Readonly<Record<SideName, SideRecords>>;
  readonly #bars: Float64Array;
  readonly #erased: Readonly<Record<SideName, ReadonlyMap<EpochMs, ErasureWitness>>>;

  constructor({prod, sim}: Comparable) {
    this.#records = {prod: new SideRecords(prod), sim: new SideRecords(sim)};
    this.#erased = {prod: erasedBars(prod, sim), sim: erasedBars(sim, prod)};
    this.#bars = Float64Array.from(new Set([...prod.bars, ...sim.bars])).sort();
  }

  /** The gap that a value on one side only is; undefined where it may be what the run did. */
  gapOf(layer: LayerName, difference: Difference): RecordGap | undefined {
    const {barEnd, instrument, field, node, prod} = difference;
    const [side, far] = Number.isNaN(prod)
      ? (["prod", "sim"] as const)
      : (["sim", "prod"] as const);
    const stream = streamOf(layer, difference);
    const due = node === "" ? barEnd : this.#due(barEnd);
    const erased = this.#erased[side].get(due);
    if (erased !== undefined) {
      return {side, stream, barEnd: due, instrument: "", witness: erased, isSure: true};
    }
    const place: Place = {
      stream,
      barEnd,
      id: stream === "statistics" ? field : instrument,
      own: this.#records[side],
      other: this.#records[far],
    };
    if (isStray(place)) {
      const row = {stream, barEnd, instrument, witness: stream};
      return {side: far, ...row, isSure: true, isStray: true};
    }
    const shown =
      node !== ""
        ? this.#nodeRow(place)
        : stream === "target_positions"
          ? this.#targetRow(place)
          : stream === "orders"
            ? this.#orderRow(place)
            : stream === "fills"
              ? fillRow(place)
              : accountRow(place);
    const id = shown?.isWhole ? "" : place.id;
    return shown && {side, stream, barEnd, instrument: id, ...shown};
  }

  /** A node without a record of a bar at which others have one, or without an instrument. */
  #nodeRow({stream, barEnd, id, own}: Place): Shown | undefined {
    const due = this.#due(barEnd);
    const others = own.nodes().filter((node) => node !== stream);
    return own.tells(stream, due, "")
      ? own.tells(stream, Number.NaN, id)
        ? undefined
        : part(own.witness(others, Number.NaN, id))
      : whole(own.witness([...others, "target_positions"], due, ""));
  }

  /**
   * Targets of which orders were sent or trades came. Where neither run ordered anything of them,
   * nothing could have followed: they may be a gap, next to others that are.
   */
  #targetRow({stream, barEnd, id, own, other}: Place): Shown | undefined {
    if (own.tells(stream, barEnd, id)) {
      return undefined;
    }
    const isWhole = !own.tells(stream, barEnd, "");
    const what = isWhole ? "" : id;
    const followed = this.#followed(own, barEnd, what);
    if (followed !== undefined) {
      return {witness: followed, isWhole, isSure: true};
    }
    const isQuiet = !own.tells("orders", barEnd, what) && !other.tells("orders", barEnd, what);
    const witness = isQuiet ? own.witness(WITNESSES, barEnd, what) : undefined;
    return witness === undefined ? undefined : {witness, isWhole, isSure: false};
  }

  /** Orders that led to trades, and those of the same bar where all of it is gone. */
  #orderRow({stream, barEnd, id, own}: Place): Shown | undefined {
    return own.tells(stream, barEnd, "")
      ? part(this.#tradeWitness(own, barEnd, id))
      : whole(this.#tradeWitness(own, barEnd, ""));
  }

  /** What tells of an order of the bar, or of the trade that it led to. */
  #followed(own: SideRecords, barEnd: EpochMs, id: string): StreamName | undefined {
    return own.tells("orders", barEnd, id) ? "orders" : this.#tradeWitness(own, barEnd, id);
  }

  #tradeWitness(own: SideRecords, barEnd: EpochMs, id: string): StreamName | undefined {
    const next = this.#next(barEnd);
    return own.tells("fills", next, id)
      ? "fills"
      : own.traded(next, id)
        ? "executed_trades_shares"
        : undefined;
  }

  /** The first bar at which a row could be seen. */
  #due(end: EpochMs): EpochMs {
    return this.#bars.find((bar) => bar >= end) ?? Number.NaN;
  }

  #next(barEnd: EpochMs): EpochMs {
    return this.#bars[countUpTo(this.#bars, barEnd)] ?? Number.NaN;
  }
}

/** A value of an instrument that its run's other streams never name. */
function isStray({stream, id, other}: Place): boolean {
  const others = [...WITNESSES.filter((name) => name !== stream), ...other.nodes()];
  return (
    /^(holdings|executed)_/.test(stream) &&
    other.tells(stream, Number.NaN, id) &&
    other.witness(others, Number.NaN, id) === undefined
  );
}

/** Where a difference was read from; the PnL of an instrument is made of several streams. */
function streamOf(layer: LayerName, {node, field, instrument}: Difference): StreamName {
  if (node !== "") {
    return `node ${node}`;
  }
  if (layer === "target positions") {
    return "target_positions";
  }
  const [kind] = field.split("_");
  return kind === "order"
    ? "orders"
    : kind === "fill"
      ? "fills"
      : instrument === ""
        ? "statistics"
        : field;
}

/** A trade of the account that no fill tells of. */
function fillRow({barEnd, id, own}: Place): Shown | undefined {
  return part(own.traded(barEnd, id) ? "executed_trades_shares" : undefined);
}

/**
 * An account without a bar that was handled, or without an instrument or a metric that the run's
 * other records have. A value that is unknown beside known shares is none.
 */
function accountRow({stream, barEnd, id, own}: Place): Shown | undefined {
  const others = WITNESSES.filter((name) => name !== stream);
  if (!WITNESSES.includes(stream)) {
    return undefined;
  }
  const isBarGone =
    stream === "statistics"
      ? !METRICS.some((name) => own.tells(stream, barEnd, name))
      : !own.tells(stream, barEnd, "");
  if (isBarGone) {
    return whole(own.witness([...others, ...own.nodes()], barEnd, ""));
  }
  const isColumn = !own.tells(stream, Number.NaN, id);
  if (stream === "statistics") {
    return isColumn ? part(own.witness(others, barEnd, "")) : undefined;
  }
  const isGone = isColumn || (SHARES.includes(stream) && !own.tells(stream, barEnd, id));
  return isGone
    ? part(own.witness(others, barEnd, id) ?? own.witness(others, Number.NaN, id))
    : undefined;
}

function whole(witness: StreamName | undefined): Shown | undefined {
  return witness === undefined ? undefined : {witness, isWhole: true, isSure: true};
}

function part(witness: StreamName | undefined): Shown | undefined {
  return witness === undefined ? undefined : {witness, isWhole: false, isSure: true};
}
