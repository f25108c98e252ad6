import {existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {openStore, storeChoice} from "../../../src/store/open/open-store.js";
import {listRuns, recordRun} from "../../../src/store/runs.js";
import {scratchDatabase, TEST_SERVER_URL} from "../on-each-store.js";
import {freePort, HAS_OWN_SERVER, startOwnServer} from "../own-server.js";
import {placeEmptyStore} from "../pglite-template.js";

const RUN = {
  id: "a",
  model: "C1",
  tag: "",
  runMode: "simulation",
  scheduleMode: "manual",
  start: 0,
  end: 1,
  dir: "d",
  startedAt: 0,
  configHash: "",
  versions: {},
};

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "reckon-open-"));
});
afterAll(() => rmSync(dir, {recursive: true, force: true}));

describe("storeChoice", () => {
  it("is the server that RECKON_DATABASE_URL names, else the data folder", () => {
    expect(storeChoice("d", {})).toEqual({dataDir: "d"});
    const url = "postgresql://h/b";
    expect(storeChoice("d", {RECKON_DATABASE_URL: url})).toEqual({dataDir: "d", databaseUrl: url});
  });
});

describe("openStore in a folder", () => {
  it("makes the database, keeps what was written, and clears a half-made one away", async () => {
    const dataDir = join(dir, "new", "deep");
    mkdirSync(join(dataDir, "sql.new"), {recursive: true});
    writeFileSync(join(dataDir, "sql.new", "PG_VERSION"), "half");
    const store = await openStore({dataDir});
    expect([store.kind, store.place]).toEqual(["pglite", join(dataDir, "sql")]);
    await recordRun(store, RUN);
    await store.close();
    await store.close();
    expect(existsSync(join(dataDir, "sql.lock"))).toBe(false);
    expect(existsSync(join(dataDir, "sql.new"))).toBe(false);

    const again = await openStore({dataDir});
    await expect(openStore({dataDir})).rejects.toThrow(/open already in this process/);
    expect((await listRuns(again)).map(({id}) => id)).toEqual(["a"]);
    await again.close();
  }, 180_000);

  it("refuses a folder of other files, and leaves no lock", async () => {
    const dataDir = join(dir, "strange");
    mkdirSync(join(dataDir, "sql"), {recursive: true});
    writeFileSync(join(dataDir, "sql", "PG_VERSION"), "7\n");
    await expect(openStore({dataDir})).rejects.toThrow(
      /expected the files of an embedded database/,
    );
    expect(existsSync(join(dataDir, "sql.lock"))).toBe(false);
    expect(existsSync(join(dataDir, "sql", "PG_VERSION"))).toBe(true);
  });

  it("queries take turns with a transaction, which a failure leaves undone", async () => {
    const dataDir = join(dir, "turns");
    await placeEmptyStore(dataDir);
    const store = await openStore({dataDir});
    try {
      const failing = store.db.transaction().execute(async (tx) => {
        await tx.deleteFrom("runs").execute();
        await recordRun({...store, db: tx}, RUN);
        throw new Error("on purpose");
      });
      const [outcome, count] = await Promise.allSettled([failing, listRuns(store)]);
      expect(outcome).toMatchObject({status: "rejected", reason: {message: "on purpose"}});
      expect(count).toMatchObject({status: "fulfilled", value: []});
    } finally {
      await store.close();
    }
  });
});

describe("openStore of a server", () => {
  const bad: [what: string, databaseUrl: string, message: RegExp][] = [
    ["no URL", "localhost:5432", /RECKON_DATABASE_URL: expected postgresql:.*found the protocol/],
    ["another protocol", "mysql://u:secret@h/b", /found the protocol mysql:/],
    [
      "a password that is not encoded",
      "postgresql://u:p@ss/secret@h/b",
      /found an @ behind the host.*; percent-encode the password: %40 for @/,
    ],
    ["no database", "postgresql://u:secret@h:5432", /found no name of a database/],
    ["a broken URL", "postgresql://u:secret@h:port/b", /found a URL that is broken/],
  ];
  it.each(bad)("refuses %s", async (_what, databaseUrl, message) => {
    const error = await openStore({databaseUrl, dataDir: dir}).catch((reason) => reason);
    expect(error.message).toMatch(message);
    expect(error).toMatchObject({code: "misuse"});
    expect(error.message).not.toContain("secret");
  });

  it("says that no server answers, without the password", async () => {
    const port = await freePort();
    const databaseUrl = `postgresql://u:secret@127.0.0.1:${port}/b`;
    const error = await openStore({databaseUrl, dataDir: dir}).catch((reason) => reason);
    expect(error.code).toBe("failed");
    expect(error.message).toMatch(
      /^postgresql:\/\/u:\*\*\*@127.*a PostgreSQL server that answers.*ECONNREFUSED.*start/,
    );
    expect(`${error.message}${error.cause}`).not.toContain("secret");
  });

  it("waits for a server as long as was asked, tells so once, and then gives up", async () => {
    const databaseUrl = `postgresql://u:secret@127.0.0.1:${await freePort()}/b`;
    const told: string[] = [];
    const options = {patienceMs: 400, onWaiting: (reason: string) => told.push(reason)};
    const error = await openStore({databaseUrl, dataDir: dir}, options).catch((reason) => reason);
    expect(error).toMatchObject({code: "failed"});
    expect(error.message).toMatch(
      /the database: expected an answer within 0\.4 s, found .* attempts/,
    );
    expect(told).toEqual([expect.stringMatching(/u:\*\*\*@127.*a PostgreSQL server that answers/)]);
    expect(`${error.message}${told}`).not.toContain("secret");
  });

  it("stops waiting when it is told to", async () => {
    const databaseUrl = `postgresql://u@127.0.0.1:${await freePort()}/b`;
    const stop = new AbortController();
    const reason = new Error("told to");
    const options = {patienceMs: 60_000, onWaiting: () => stop.abort(reason), signal: stop.signal};
    const error = await openStore({databaseUrl, dataDir: dir}, options).catch((thrown) => thrown);
    expect([error, error.cause]).toContain(reason);
  });

  it("does not wait for what waiting does not mend", async () => {
    const told: string[] = [];
    const options = {patienceMs: 60_000, onWaiting: (reason: string) => told.push(reason)};
    const databaseUrl = "mysql://u@127.0.0.1/b";
    const error = await openStore({databaseUrl, dataDir: dir}, options).catch((reason) => reason);
    expect([error.code, told]).toEqual(["misuse", []]);
  });
});

describe.runIf(HAS_OWN_SERVER)("a server that is not up yet", () => {
  it("is waited for", async () => {
    const own = await startOwnServer();
    try {
      own.crash();
      const opened = openStore(
        {databaseUrl: own.url, dataDir: dir},
        {pending: "leave", patienceMs: 20_000, onWaiting: () => own.start()},
      );
      const store = await opened;
      expect(store.kind).toBe("postgres");
      await store.close();
    } finally {
      own.remove();
    }
  }, 60_000);
});

if (!HAS_OWN_SERVER) {
  describe("a server that is not up yet", () => {
    it.skip("left out: no PostgreSQL (initdb, pg_ctl) is installed", () => {});
  });
}

const server = TEST_SERVER_URL;
if (server === undefined) {
  describe("openStore of a PostgreSQL server", () => {
    it.skip("left out: RECKON_TEST_DATABASE_URL names no server", () => {});
  });
} else {
  describe("openStore of a PostgreSQL server", () => {
    it("refuses one not migrated, one that is not there, and a bad user", async () => {
      const database = await scratchDatabase(server);
      const open = (change: (url: URL) => void) => {
        const url = new URL(database.url);
        change(url);
        return openStore({databaseUrl: url.href, dataDir: dir});
      };
      try {
        await expect(open(() => {})).rejects.toThrow(
          /found none, lacking 0001-tables.*; run `reckon store migrate`/,
        );
        const missing = open((url) => {
          url.pathname = "/nowhere";
        });
        await expect(missing).rejects.toThrow(
          /an existing database.*"nowhere" does not exist.*create/,
        );
        const stranger = open((url) => {
          url.username = "stranger";
        });
        await expect(stranger).rejects.toThrow(/credentials the server takes.*"stranger"/);
      } finally {
        await database.drop();
      }
    });
  });
}
