import {ReckonError} from "../errors.js";

/** Cash is held under this id where holdings are a dictionary, as in the reference. */
export const CASH_ID = "-1";

/** What an account holds: cash in settlement currency, shares in instrument order. */
export interface Holdings {
  readonly cash: number;
  readonly shares: Float64Array;
}

/**
 * Holdings told by instrument id, with cash under {@link CASH_ID}.
 *
 * @param cash where the dictionary names none
 * @throws ReckonError `bad-data` naming what is held but not among the instruments
 */
export function holdingsOf(
  instrumentIds: readonly string[],
  dictionary: ReadonlyMap<string, number>,
  cash: number,
): Holdings {
  const known = new Set([...instrumentIds, CASH_ID]);
  const strange = [...dictionary].filter(([id, shares]) => shares !== 0 && !known.has(id));
  if (strange.length > 0) {
    throw new ReckonError("bad-data", {
      place: "initial holdings",
      expected: `instruments of the run (${instrumentIds.join(", ")})`,
      found: strange.map(([id, shares]) => `${shares} of ${id}`).join(", "),
      fix: "add these instruments to the run, or close their positions first",
    });
  }
  return {
    cash: dictionary.get(CASH_ID) ?? cash,
    shares: Float64Array.from(instrumentIds, (id) => dictionary.get(id) ?? 0),
  };
}
