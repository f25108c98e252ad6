import type {ReadRecord} from "../../runlog/reading/read-stream.js";
import type {BarNote} from "./not-compared.js";

/**
 * Records of a stream that lack a column or an instrument which most others have, or have one that
 * most lack. Records without rows are none.
 */
export function oddRecords(records: readonly ReadRecord[]): BarNote[] {
  const own = sharedThings(records);
  const filled = own.filter((things) => things !== undefined);
  const timesSeen = new Map<Things, number>();
  for (const things of filled) {
    timesSeen.set(things, (timesSeen.get(things) ?? 0) + 1);
  }
  const counts = new Map<string, number>();
  for (const [things, times] of timesSeen) {
    for (const thing of things) {
      counts.set(thing, (counts.get(thing) ?? 0) + times);
    }
  }
  const isUsual = (count: number): boolean => 2 * count > filled.length;
  const usual = [...counts].filter(([, count]) => isUsual(count)).map(([thing]) => thing);
  const oddities = new Map<Things, string>();
  for (const things of timesSeen.keys()) {
    const more = [...things].filter((thing) => !isUsual(counts.get(thing) as number));
    const lacking = usual.filter((thing) => !things.has(thing));
    const words = [
      ...(more.length === 0 ? [] : [`has ${listOf(more)} as well`]),
      ...(lacking.length === 0 ? [] : [`lacks ${listOf(lacking)}`]),
    ];
    oddities.set(things, words.join(" and "));
  }
  return records.flatMap(({path, barEnd}, i) => {
    const words = oddities.get(own[i] as Things) ?? "";
    return words === ""
      ? []
      : [{barEnd, why: `${path} ${words}, unlike most records; compared as it is`}];
  });
}

/** Names that fit a sentence. */
const MOST_NAMED = 5;

function listOf(names: readonly string[]): string {
  const more = names.length - MOST_NAMED;
  return `${names.slice(0, MOST_NAMED).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/** Instruments, or the columns of a table that has one row. */
type Things = ReadonlySet<string>;

/**
 * The things of each record, undefined where there is no row. Records mostly have those of the one
 * before, and then the same set of them.
 */
function sharedThings(records: readonly ReadRecord[]): (Things | undefined)[] {
  let last: {readonly names: readonly string[]; readonly things: Things} | undefined;
  return records.map((record) => {
    const names = thingsOf(record);
    if (names.length === 0) {
      return undefined;
    }
    if (last === undefined || !isAlike(last.names, names)) {
      last = {names, things: new Set(names)};
    }
    return last.things;
  });
}

function isAlike(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, i) => name === b[i]);
}

function thingsOf({columns}: ReadRecord): readonly string[] {
  const ids = columns.find(({name}) => name === "asset_id");
  if (ids !== undefined) {
    return ids.kind === "text" ? ids.data : Array.from(ids.data, String);
  }
  return columns
    .filter(({kind, data}) => kind === "number" && data.length > 0)
    .map(({name}) => name);
}
