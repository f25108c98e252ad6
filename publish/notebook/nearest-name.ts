/**
 * The known name most like `name`, for "did you mean"; undefined when none is near.
 *
 * Near = an edit distance (insert, delete, replace, swap of neighbours) of at most a third of the
 * longer name.
 */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  let best: {readonly name: string; readonly distance: number} | undefined;
  for (const candidate of known) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    const limit = Math.max(name.length, candidate.length) / 3;
    if (distance <= Math.max(1, limit) && (best === undefined || distance < best.distance)) {
      best = {name: candidate, distance};
    }
  }
  return best?.name;
}

/** Optimal string alignment: Levenshtein distance by rows, with swaps. */
function editDistance(a: string, b: string): number {
  let above: number[] = [];
  let row = Array.from({length: b.length + 1}, (_, j) => j);
  for (let i = 1; i <= a.length; ++i) {
    const next = [i];
    for (let j = 1; j <= b.length; ++j) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwap ? (above[j - 2] as number) + 1 : Number.POSITIVE_INFINITY;
      next.push(Math.min(replaced, swapped, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    [above, row] = [row, next];
  }
  return row[b.length] as number;
}
