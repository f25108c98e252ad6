import type {ReadRecord} from "../../runlog/reading/read-stream.js";
import type {BarNote} from "./not-compared.js";

/**
 * Records of a stream that lack a column or an instrument which most others have, or have one that
 * most lack. Records without rows are none.
 */
export function oddRecords(records: readonly ReadRecord[]): BarNote[] {
  const own = records.map(thingsOf);
  const filled = own.filter((things) => things !== undefined);
  const counts = new Map<string, number>();
  for (const thing of filled.flatMap((things) => [...things])) {
    counts.set(thing, (counts.get(thing) ?? 0) + 1);
  }
  const isUsual = (count: number): boolean => 2 * count > filled.length;
  const usual = [...counts].filter(([, count]) => isUsual(count)).map(([thing]) => thing);
  return records.flatMap(({path, barEnd}, i) => {
    const things = own[i];
    if (things === undefined) {
      return [];
    }
    const more = [...things].filter((thing) => !isUsual(counts.get(thing) as number));
    const lacking = usual.filter((thing) => !things.has(thing));
    const words = [
      ...(more.length === 0 ? [] : [`has ${listOf(more)} as well`]),
      ...(lacking.length === 0 ? [] : [`lacks ${listOf(lacking)}`]),
    ];
    return words.length === 0
      ? []
      : [{barEnd, why: `${path} ${words.join(" and ")}, unlike most records; compared as it is`}];
  });
}

/** Names that fit a sentence. */
const MOST_NAMED = 5;

function listOf(names: readonly string[]): string {
  const more = names.length - MOST_NAMED;
  return `${names.slice(0, MOST_NAMED).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/** Instruments, or the columns of a table that has one row; undefined where there is no row. */
function thingsOf({columns}: ReadRecord): ReadonlySet<string> | undefined {
  const ids = columns.find(({name}) => name === "asset_id");
  const things =
    ids === undefined
      ? columns.filter(({kind, data}) => kind === "number" && data.length > 0).map(({name}) => name)
      : Array.from(ids.data, String);
  return things.length === 0 ? undefined : new Set(things);
}
