/**
 * Names for what TypeScript has no type of, for the cell tagged `parameters`; a value from outside
 * is checked against what they say. `@integer`, `@date` and `@secret` in a doc comment mean the
 * same.
 */

/** A whole number that is exact: up to 2^53 - 1 either way. */
export type Integer = number;

/** A day or an instant as ISO 8601 text, which stays text: `2025-09-01`, `2025-09-01T05:00Z`. */
export type DateText = string;

/**
 * Text that must not be seen, given by the environment or a file only; wherever it appears in
 * outputs, logs and records, `[secret]` stands. Its default is empty.
 */
export type SecretText = string;
