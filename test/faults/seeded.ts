import process from "node:process";

const isFull = process.env.RECKON_FAULTS_FULL !== undefined;

/** How many faults of kernels, kills, captures of figures and starts of kernels are tried. */
export const counts = isFull
  ? {kernels: 200, saves: 1_000, reconciliations: 100, captures: 500, starts: 1_000}
  : {kernels: 40, saves: 100, reconciliations: 8, captures: 20, starts: 200};

/** Decides everything that these tests draw; the same again with `--seed`. */
export const seed = Number(process.env.RECKON_FAULTS_SEED ?? Math.floor(Math.random() * 2 ** 31));

/** Numbers in [0, 1) that follow from a seed (mulberry32). */
export function randomOf(start: number): () => number {
  let state = start | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
