/** What a search ended at. */
export interface Minimum {
  readonly point: readonly number[];
  readonly value: number;
  /** False when it ran out of steps. */
  readonly isFound: boolean;
}

interface Vertex {
  readonly point: readonly number[];
  readonly value: number;
}

const TOLERANCE = 1e-4;

/**
 * The minimum of a function without derivatives (Nelder and Mead, 1965).
 *
 * Reflection 1, expansion 2, contraction and shrinkage ½; the first simplex is the start with one
 * coordinate 5 % larger each (0.00025 where it is 0), and the search ends when all vertices and
 * values lie within 1e-4, or after 200 steps per coordinate: the settings of scipy, so that its
 * answers can be compared.
 */
export function nelderMead(
  f: (point: readonly number[]) => number,
  start: readonly number[],
): Minimum {
  let evaluations = 0;
  const limit = 200 * start.length;
  const at = (point: readonly number[]): Vertex => {
    evaluations += 1;
    return {point, value: f(point)};
  };
  const larger = start.map((_, i) =>
    start.map((x, j) => (i === j ? (x === 0 ? 0.00025 : 1.05 * x) : x)),
  );
  let simplex = sorted([start, ...larger].map(at));
  let steps = 1;
  while (evaluations < limit && steps < limit && !isSmall(simplex)) {
    simplex = sorted(nextSimplex(simplex, at));
    steps += 1;
  }
  const best = simplex[0] as Vertex;
  return {...best, isFound: evaluations < limit && steps < limit};
}

function nextSimplex(
  simplex: readonly Vertex[],
  at: (point: readonly number[]) => Vertex,
): Vertex[] {
  const kept = simplex.slice(0, -1);
  const worst = simplex.at(-1) as Vertex;
  const [best, secondWorst] = [simplex[0] as Vertex, kept.at(-1) as Vertex];
  const centre = best.point.map((_, i) => kept.reduce((s, v) => s + v.point[i]!, 0) / kept.length);
  // On the line from the worst vertex through the centre of the others.
  const along = (step: number): Vertex =>
    at(centre.map((c, i) => (1 + step) * c - step * (worst.point[i] as number)));
  const reflected = along(1);
  if (reflected.value < best.value) {
    const expanded = along(2);
    return [...kept, expanded.value < reflected.value ? expanded : reflected];
  }
  if (reflected.value < secondWorst.value) {
    return [...kept, reflected];
  }
  const isOutside = reflected.value < worst.value;
  const contracted = along(isOutside ? 0.5 : -0.5);
  if (isOutside ? contracted.value <= reflected.value : contracted.value < worst.value) {
    return [...kept, contracted];
  }
  const shrunk = simplex
    .slice(1)
    .map(({point}) =>
      at(point.map((x, i) => (best.point[i] as number) + 0.5 * (x - (best.point[i] as number)))),
    );
  return [best, ...shrunk];
}

function sorted(simplex: readonly Vertex[]): Vertex[] {
  return [...simplex].sort((a, b) => a.value - b.value);
}

function isSmall([best, ...others]: readonly Vertex[]): boolean {
  const {point, value} = best as Vertex;
  return others.every(
    (vertex) =>
      Math.abs(vertex.value - value) <= TOLERANCE &&
      vertex.point.every((x, i) => Math.abs(x - (point[i] as number)) <= TOLERANCE),
  );
}
