/** The rows of a table that a page shows. */
export function rowsOf(shown: object): Record<string, unknown>[] {
  if (!("objects" in shown)) {
    throw new Error(`expected a table, found ${JSON.stringify(shown)}`);
  }
  return (shown as {objects(): Record<string, unknown>[]}).objects();
}
