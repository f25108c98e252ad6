import type {Column} from "../table/frame.js";
import type {Panel} from "../table/panel.js";

/**
 * A node's output over a window that moves on: rows are added at the end and dropped at the front
 * without copying the others.
 *
 * Panels that were handed out are never changed: new rows lie behind what they show, and leading
 * rows that turn out otherwise go into new memory.
 */
export class KeptOutput {
  #panel: Panel;
  /** Memory that a feature's columns lie in, with room behind them; by feature. */
  readonly #rooms = new Map<string, Room>();

  constructor(panel: Panel) {
    this.#panel = panel;
  }

  /** The output over the window last seen. */
  get panel(): Panel {
    return this.#panel;
  }

  /**
   * Moves the window on by `rows` and gives the new panel.
   *
   * @param index of the new panel, as long as the old one's
   * @param head new values of leading rows, where they were computed again
   * @param tail its last `rows` rows are the new ones; features and instruments as kept
   * @returns the leading rows up to the last that differs from what it was
   */
  moveOn(
    index: Float64Array,
    rows: number,
    {head, tail}: {readonly head: Panel | undefined; readonly tail: Panel},
  ): {readonly panel: Panel; readonly changed: number} {
    const features = new Map<string, readonly Column[]>();
    let changed = 0;
    for (const [name, kept] of this.#panel.features) {
      const again = head?.features.get(name);
      const differs = again === undefined ? 0 : changedRows(kept, again, rows);
      changed = Math.max(changed, differs);
      const fresh = tail.features.get(name) as readonly Column[];
      features.set(name, this.#columns(name, {kept, fresh, rows, again: differs > 0 ? again : []}));
    }
    this.#panel = {index, columns: this.#panel.columns, features};
    return {panel: this.#panel, changed};
  }

  #columns(name: string, {kept, fresh, rows, again = []}: Move): readonly Column[] {
    const length = kept[0]?.length ?? 0;
    let room = this.#rooms.get(name);
    if (room === undefined || room.end + rows > room.size || again.length > 0) {
      room = makeRoom(kept);
      this.#rooms.set(name, room);
    }
    const {memory, size, end} = room;
    const count = fresh[0]?.length ?? 0;
    for (let j = 0; j < kept.length; ++j) {
      const added = fresh[j] as Column;
      for (let i = 0; i < rows; ++i) {
        memory[j * size + end + i] = added[count - rows + i] as number;
      }
    }
    room.end += rows;
    for (const [j, column] of again.entries()) {
      memory.set(column, j * size + room.end - length);
    }
    const from = room.end - length;
    return kept.map((_, j) => memory.subarray(j * size + from, j * size + from + length));
  }
}

interface Move {
  readonly kept: readonly Column[];
  readonly fresh: readonly Column[];
  readonly rows: number;
  readonly again: readonly Column[] | undefined;
}

/** The columns of a feature one behind the other, each `size` cells long. */
interface Room {
  readonly memory: Float64Array;
  readonly size: number;
  /** Where the rows in use end, in every column. */
  end: number;
}

/** Rows that may be added before a feature moves to new memory. */
const SPARE_ROWS = 128;

function makeRoom(kept: readonly Column[]): Room {
  const length = kept[0]?.length ?? 0;
  const size = length + SPARE_ROWS;
  const memory = new Float64Array(kept.length * size);
  for (const [j, column] of kept.entries()) {
    memory.set(column, j * size);
  }
  return {memory, size, end: length};
}

/** The leading rows of `again` up to the last that is not, bit for bit, what was kept. */
function changedRows(kept: readonly Column[], again: readonly Column[], rows: number): number {
  let changed = 0;
  for (let j = 0; j < kept.length; ++j) {
    const now = again[j] as Column;
    const before = kept[j] as Column;
    for (let t = now.length - 1; t >= changed; --t) {
      if (!Object.is(now[t], before[t + rows])) {
        changed = t + 1;
        break;
      }
    }
  }
  return changed;
}
