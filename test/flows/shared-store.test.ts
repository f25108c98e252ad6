import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {sql} from "kysely";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {openSharedStore} from "../../src/flows/shared-store.js";
import {openStore, type Store} from "../../src/store/open/open-store.js";
import {placeEmptyStore} from "../store/pglite-template.js";

let dataDir: string;
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "reckon-shared-store-"));
  await placeEmptyStore(dataDir);
}, 180_000);
afterAll(() => {
  rmSync(dataDir, {recursive: true, force: true});
});

const answers = async ({db}: Store) => (await sql`select 1 as one`.execute(db)).rows;

describe("openSharedStore", () => {
  it("gives an embedded database to several, and closes it with the last of them", async () => {
    const [a, b] = await Promise.all([openSharedStore(dataDir), openSharedStore(dataDir)]);
    expect(b.db).toBe(a.db);
    await a.close();
    await a.close();
    expect(await answers(b)).toEqual([{one: 1}]);
    await expect(openStore({dataDir})).rejects.toMatchObject({code: "misuse"});
    await b.close();
    const own = await openStore({dataDir});
    await own.close();
  });

  it("opens again while the last user is still closing", async () => {
    const first = await openSharedStore(dataDir);
    const closed = first.close();
    const second = await openSharedStore(dataDir);
    await closed;
    expect(await answers(second)).toEqual([{one: 1}]);
    await second.close();
  });

  it("tries again after a failure", async () => {
    const broken = join(dataDir, "broken");
    writeFileSync(broken, "a file where a folder should be");
    await expect(openSharedStore(broken)).rejects.toMatchObject({code: "misuse"});
    rmSync(broken);
    await placeEmptyStore(broken);
    const store = await openSharedStore(broken);
    expect(await answers(store)).toEqual([{one: 1}]);
    await store.close();
  });
});
