import {sql} from "kysely";
import {expect, it} from "vitest";
import {instant} from "../../../src/store/streams/column-types.js";
import {describeEachStore} from "../on-each-store.js";

const DOUBLES = [
  0,
  0.1,
  1 / 3,
  2 ** 53 + 2,
  5e-324,
  2.2250738585072014e-308,
  1.7976931348623157e308,
  -123456.78901234567,
  1e21,
  NaN,
  Infinity,
  -Infinity,
];

describeEachStore("values come back as they were written", (store) => {
  it("doubles, to the last bit", async () => {
    const {rows} = await sql<{x: number}>`
      SELECT x FROM unnest(${DOUBLES}::float8[]) WITH ORDINALITY AS t(x, i) ORDER BY i`.execute(
      store().db,
    );
    const found = rows.map(({x}) => x);
    expect(found).toHaveLength(DOUBLES.length);
    expect(found.map((x, i) => Object.is(x, DOUBLES[i]))).toEqual(DOUBLES.map(() => true));
  });

  it("instants, to the millisecond, whatever the year", async () => {
    const times = [0, 1_756_684_800_123, -1, Date.UTC(2100, 1, 28), Date.UTC(999, 0, 1)];
    for (const time of times) {
      const {rows} = await sql<{time: number}>`SELECT ${instant(time)} AS time`.execute(store().db);
      expect(rows[0]?.time).toBe(time);
    }
  });
});
