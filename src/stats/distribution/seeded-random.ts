/**
 * Random numbers that are the same on every machine: integer arithmetic, and of the floating-point
 * operations only those that IEEE 754 rounds correctly (+ − × ÷ √). No `Math.log`, no `Math.sin`.
 *
 * The generator is xoshiro128** (Blackman and Vigna, 2018), seeded through splitmix32.
 */
export class SeededRandom {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  /** @param seed any integer; its lowest 32 bits count */
  constructor(seed: number) {
    const next = splitmix32(seed);
    this.#a = next();
    this.#b = next();
    this.#c = next();
    this.#d = next();
  }

  /** Uniform in [0, 1), a multiple of 2⁻³². */
  uniform(): number {
    const scrambled = Math.imul(rotateLeft(Math.imul(this.#b, 5), 7), 9) >>> 0;
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = rotateLeft(this.#d, 11);
    return scrambled / 2 ** 32;
  }

  /**
   * Student's t with 4 degrees of freedom, scaled to variance 1 and cut off at ±8.
   *
   * Bailey's polar method (1994), u·√(ν(w^(−2/ν) − 1)/w) with (u, v) uniform in the unit disc and
   * w = u² + v²; with ν = 4 the power is 1/√w.
   */
  student(): number {
    for (;;) {
      const u = 2 * this.uniform() - 1;
      const v = 2 * this.uniform() - 1;
      const w = u * u + v * v;
      if (w > 0 && w < 1) {
        const t = u * Math.sqrt((4 * (1 / Math.sqrt(w) - 1)) / w);
        return Math.max(-8, Math.min(8, t / Math.SQRT2));
      }
    }
  }
}

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

/** A sequence of well-mixed 32-bit integers from a seed that may be small. */
function splitmix32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return mixed ^ (mixed >>> 15);
  };
}
