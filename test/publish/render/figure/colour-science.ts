/** Linear light of `#rrggbb`. */
function linear(hex: string): number[] {
  const channels = [1, 3, 5].map((i) => Number.parseInt(hex.slice(i, i + 2), 16) / 255);
  return channels.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
}

const apply = (matrix: readonly number[][], v: number[]) =>
  matrix.map((row) => row.reduce((sum, m, i) => sum + m * v[i], 0));

/** Contrast ratio of WCAG 2.1, 1 to 21. */
export function contrast(a: string, b: string): number {
  const [low, high] = [a, b]
    .map((hex) => apply([[0.2126, 0.7152, 0.0722]], linear(hex))[0])
    .sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

/** Colour-blindness in linear RGB: Machado, Oliveira and Fernandes (2009), severity 1. */
export const visions: Readonly<Record<string, readonly number[][]>> = {
  usual: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** Distance of two colours (CIE 1976) as someone with this vision sees them; 10 is easy to see. */
export function distance(a: string, b: string, vision: readonly number[][]): number {
  const [p, q] = [a, b].map((hex) => toLab(apply(vision, linear(hex))));
  return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
}

function toLab(rgb: number[]): number[] {
  const toXyz = [
    [0.4124 / 0.95047, 0.3576 / 0.95047, 0.1805 / 0.95047],
    [0.2126, 0.7152, 0.0722],
    [0.0193 / 1.08883, 0.1192 / 1.08883, 0.9505 / 1.08883],
  ];
  const clipped = rgb.map((c) => Math.min(1, Math.max(0, c)));
  const [x, y, z] = apply(toXyz, clipped).map((t) =>
    t > 216 / 24389 ? Math.cbrt(t) : (24389 / 27 / 116) * t + 16 / 116,
  );
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}
