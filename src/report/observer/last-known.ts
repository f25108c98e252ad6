/** The newest row of a column whose value is a finite number; −1 when there is none. */
export function lastKnownRow(column: ArrayLike<number>): number {
  for (let t = column.length - 1; t >= 0; --t) {
    if (Number.isFinite(column[t])) {
      return t;
    }
  }
  return -1;
}
