/**
 * The known name most like `name`, for "did you mean"; undefined when none is near.
 *
 * Near = an edit distance (insert, delete, replace) of at most a third of the longer name.
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

/** Levenshtein distance by one row of the dynamic programme. */
function editDistance(a: string, b: string): number {
  let row = Array.from({length: b.length + 1}, (_, j) => j);
  for (let i = 1; i <= a.length; ++i) {
    const next = [i];
    for (let j = 1; j <= b.length; ++j) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
