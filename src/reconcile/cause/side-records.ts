import type {Frame} from "../../table/frame.js";
import type {EpochMs} from "../../time/epoch.js";
import {fillFrames} from "../layers/order-layer.js";
import type {RecordedSide} from "../record/recorded-side.js";

/** Of the portfolio its name, else `target_positions`, `orders`, `fills` or `node {id}`. */
export type StreamName = string;

/** Which bars and instruments the streams of one run tell of; a row without a value tells none. */
export class SideRecords {
  readonly #cells = new Map<StreamName, ReadonlySet<string>>();
  readonly #trades: ReadonlySet<string>;

  constructor(side: RecordedSide) {
    const {portfolio, targets, orders = [], nodes} = side;
    const sent = orders.map(({barEnd, instrumentId}): Cell => [barEnd, instrumentId]);
    const fills = cellsOf(fillFrames(side)?.fill_shares);
    this.#cells.set("orders", told(sent));
    this.#cells.set("fills", told(fills));
    this.#cells.set(
      "target_positions",
      told(Object.values(targets ?? {}).flatMap((one) => cellsOf(one))),
    );
    for (const [stream, frame] of Object.entries(portfolio)) {
      this.#cells.set(stream, told(cellsOf(frame)));
    }
    for (const {id, bars, instruments} of nodes) {
      const ofBars = Array.from(bars, (bar): Cell => [bar, ""]);
      this.#cells.set(`node ${id}`, told([...ofBars, ...instruments.map(anyBar)]));
    }
    const account = cellsOf(portfolio.executed_trades_shares, (shares) => shares !== 0);
    this.#trades = told([...account, ...fills]);
  }

  /**
   * True where a stream tells of the instrument at the bar: of any instrument where it is empty, at
   * any bar where that is NaN. Nodes tell of bars or of instruments, not of both together.
   */
  tells(stream: StreamName, barEnd: EpochMs, id: string): boolean {
    return this.#cells.get(stream)?.has(keyOf(barEnd, id)) ?? false;
  }

  /** The same of a trade, be it the account or a fill that tells of it. */
  traded(barEnd: EpochMs, id: string): boolean {
    return this.#trades.has(keyOf(barEnd, id));
  }

  /** The first of these streams that {@link tells}. */
  witness(streams: readonly StreamName[], barEnd: EpochMs, id: string): StreamName | undefined {
    return streams.find((stream) => this.tells(stream, barEnd, id));
  }

  /** Names of the nodes' streams. */
  nodes(): StreamName[] {
    return [...this.#cells.keys()].filter((stream) => stream.startsWith("node "));
  }
}

type Cell = readonly [barEnd: EpochMs, id: string];

function keyOf(barEnd: EpochMs, id: string): string {
  return `${barEnd} ${id}`;
}

function anyBar(id: string): Cell {
  return [Number.NaN, id];
}

/** Keys of the cells, of their bars and of their instruments. */
function told(cells: readonly Cell[]): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const [barEnd, id] of cells) {
    keys.add(keyOf(barEnd, id)).add(keyOf(barEnd, "")).add(keyOf(Number.NaN, id));
  }
  return keys;
}

function cellsOf(frame: Frame | undefined, isMeant: (x: number) => boolean = () => true): Cell[] {
  const found: Cell[] = [];
  for (const [j, id] of (frame?.columns ?? []).entries()) {
    for (const [t, x] of (frame as Frame).data[j]?.entries() ?? []) {
      if (!Number.isNaN(x) && isMeant(x)) {
        found.push([(frame as Frame).index[t] as number, id]);
      }
    }
  }
  return found;
}
