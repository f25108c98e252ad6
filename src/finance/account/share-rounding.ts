/**
 * What adding two doubles may leave of a count of shares, as a share of the larger: a difference of
 * holdings and trades below it is none.
 */
export const SHARE_ROUNDING = 1e-12;
