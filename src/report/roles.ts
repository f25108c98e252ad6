/** The three portfolios that are compared, in the order in which they always stand. */
export const ROLES = ["prod", "sim", "research"] as const;
/** One of {@link ROLES}. */
export type Role = (typeof ROLES)[number];

/** Something of each portfolio; what was not recorded is left out. */
export type ByRole<T> = {readonly [R in Role]?: T | undefined};

/**
 * The line of each portfolio, the same in every figure. Colours keep a contrast of 3 to the light
 * and to the dark page; the first is wide and the others are broken and narrow, so that all three
 * show where they coincide.
 */
export const ROLE_LINES: Readonly<Record<Role, Readonly<Record<string, unknown>>>> = {
  prod: {color: "#2f80c8", width: 5},
  sim: {color: "#d9660a", width: 2, dash: "dash"},
  research: {color: "#1a9a6c", width: 1.5, dash: "dot"},
};

/** Of the three frames, in order, those that have rows. */
export function recordedRoles<T extends {readonly index: Float64Array}>(
  frames: ByRole<T>,
): [Role, T][] {
  return presentRoles(frames).filter(([, {index}]) => index.length > 0);
}

/** What there is of the three, in order. */
export function presentRoles<T>(values: ByRole<T>): [Role, T][] {
  return ROLES.flatMap((role): [Role, T][] => {
    const value = values[role];
    return value === undefined ? [] : [[role, value]];
  });
}
