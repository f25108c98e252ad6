import {mkdtempSync, rmSync} from "node:fs";
import {readdir} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, afterEach, beforeAll, describe, expect, it} from "vitest";
import {openStorage} from "../../../publish/storage/open-storage.js";
import {checkKey, checkName, encodeName} from "../../../publish/storage/storage-key.js";
import {type Fault, type S3Server, startS3Server} from "./s3-server.js";

const folder = mkdtempSync(join(tmpdir(), "reckon-storage-"));
let server: S3Server;
beforeAll(async () => {
  server = await startS3Server();
});
afterEach(() => server.fault());
afterAll(async () => {
  await server.close();
  rmSync(folder, {recursive: true, force: true});
});

const bytes = (text: string) => Buffer.from(text);
const keysOf = (files: readonly {readonly key: string}[]) => files.map(({key}) => key);

describe.each<[string, () => string]>([
  ["a folder", () => join(folder, "site")],
  ["a bucket", () => `s3://${server.bucket}/desk/site/`],
])("%s", (_name, place) => {
  it("keeps files", async () => {
    const storage = openStorage(place());
    expect(await storage.list("")).toEqual([]);
    expect([await storage.get("a.html"), await storage.has("a.html")]).toEqual([undefined, false]);
    await storage.put("a.html", "one");
    await storage.put("assets/ä b+c.png", bytes("two"));
    expect(await storage.get("a.html")).toEqual(bytes("one"));
    expect(await storage.get("assets/ä b+c.png")).toEqual(bytes("two"));
    const [first] = await storage.list("");
    expect(first).toMatchObject({key: "a.html", bytes: 3});
    expect(Math.abs((first?.modifiedAt ?? 0) - Date.now())).toBeLessThan(60_000);
    await storage.put("ä b.html", "three");
    await storage.copy("ä b.html", "copy.png");
    expect(await storage.get("copy.png")).toEqual(bytes("three"));
    expect(keysOf(await storage.list("assets/"))).toEqual(["assets/ä b+c.png"]);
    expect(keysOf(await storage.list("co"))).toEqual(["copy.png"]);
    await storage.put("a.html", "new");
    expect(await storage.get("a.html")).toEqual(bytes("new"));
    expect((await storage.list("a.h"))[0]?.version).not.toBe(first?.version);
    await storage.remove(["a.html", "assets/ä b+c.png", "copy.png", "ä b.html", "none.html"]);
    expect(await storage.list("")).toEqual([]);
    storage.close();
  });

  it("gives a name to one only", async () => {
    const storage = openStorage(place());
    expect(await storage.create("c.html", "first")).toBe(true);
    expect(await storage.create("c.html", "second")).toBe(false);
    expect(await storage.get("c.html")).toEqual(bytes("first"));
    await storage.remove(["c.html"]);
    storage.close();
  });

  it.each(["", "../a", "a/../../b", "/a", "a//b", "a\\b", "a/./b", "a\0b", "a?b", "a\nb"])(
    "refuses the key %j",
    async (key) => {
      const storage = openStorage(place());
      const deeds = [storage.put, storage.get, (bad: string) => storage.remove([bad])];
      for (const deed of deeds) {
        await expect(deed(key, "")).rejects.toMatchObject({code: "bad-parameter"});
      }
      storage.close();
    },
  );
});

describe("a folder", () => {
  it("gives a name to one of many who want it at once, and keeps nothing aside", async () => {
    const storage = openStorage(join(folder, "race"));
    const tries = Array.from({length: 30}, (_, i) => storage.create("c.html", `${i}`));
    expect((await Promise.all(tries)).filter((won) => won)).toHaveLength(1);
    expect(await readdir(join(folder, "race", ".reckon", "incoming"))).toEqual([]);
  });
});

describe("names", () => {
  it.each(["pnl", "C1.last_5minutes.html", "Übersicht 2", "a+b=c"])(
    "%j stands as it is",
    (name) => {
      expect([checkName(name, "tag"), encodeName(name), checkKey(name)]).toEqual([
        name,
        name,
        name,
      ]);
    },
  );

  it.each<[string, string, RegExp]>([
    ["", "", /an empty name/],
    ["..", "%2E.", /a dot in front/],
    [".hidden", "%2Ehidden", /a dot in front/],
    ["a/b", "a%2Fb", /"\/" in it/],
    ["a%2Fb", "a%252Fb", /"%" in it/],
    ["a:b?", "a%3Ab%3F", /":" in it/],
    ["<b>", "%3Cb%3E", /"<" in it/],
    ["a\u202Eb", "a%E2%80%AEb", /in it/],
    ["a.", "a.", /a blank or a dot at an end/],
    ["x".repeat(256), "x".repeat(256), /more than 255 bytes/],
  ])("%j is refused as a tag and becomes %j", (name, encoded, message) => {
    expect(() => checkName(name, "tag")).toThrow(message);
    expect(encodeName(name)).toBe(encoded);
  });
});

describe("what a bucket is told", () => {
  const open = (options = {}) => openStorage(`s3://${server.bucket}/told`, options);

  it("content type and how long to keep it", async () => {
    const storage = open();
    await storage.put("page.html", "x");
    await storage.put("assets/p.png", "x", {immutable: true});
    const sent = server.requests.map(({headers}) => headers);
    expect(sent.map((each) => [each["content-type"], each["cache-control"]])).toEqual([
      ["text/html; charset=utf-8", "no-cache"],
      ["image/png", "max-age=31536000, immutable"],
    ]);
    storage.close();
  });

  it("nothing is public unless asked for, and the site's own files never are", async () => {
    for (const isPublic of [false, true]) {
      server.fault();
      const storage = open({isPublic});
      await storage.put("page.html", "x");
      await storage.copy("page.html", "latest.html");
      await storage.put(".reckon/runs/page.json", "{}");
      const wanted = isPublic
        ? ["public-read", "public-read", undefined]
        : Array(3).fill(undefined);
      expect(server.requests.map(({headers}) => headers["x-amz-acl"])).toEqual(wanted);
      storage.close();
    }
  });
});

describe("a bucket behind a bad network", () => {
  const open = (timeoutMs = 300) =>
    openStorage(`s3://${server.bucket}/bad`, {attempts: 3, timeoutMs});

  it.each<["500" | "503" | "drop" | "hang"]>([["500"], ["503"], ["drop"], ["hang"]])(
    "%s once is tried again",
    async (kind) => {
      // Long enough that a busy machine answers in time; the hang takes it whole.
      const storage = open(kind === "hang" ? 1_000 : 20_000);
      server.fault((_request, count) => (count === 1 ? kind : undefined));
      await storage.put(`${kind}.html`, "whole");
      expect(server.requests).toHaveLength(2);
      expect(await storage.get(`${kind}.html`)).toEqual(bytes("whole"));
      storage.close();
    },
  );

  it.each<[NonNullable<ReturnType<Fault>>, RegExp, number]>([
    ["500", /page\.html: expected to write it, found the server failing \(500\), 3 times; /, 3],
    ["drop", /expected to write it, found ECONNRESET socket hang up.*; check the end/, 3],
    ["hang", /expected to write it, found no answer in time, 3 times; check the network/, 3],
    ["403", /found access denied \(AccessDenied, 403\); check the rights of the AWS env/, 1],
  ])("%s for ever ends with a sentence", async (kind, message, tries) => {
    const storage = open();
    server.fault(() => kind);
    await expect(storage.put("page.html", "x")).rejects.toMatchObject({
      code: "upload-failed",
      message: expect.stringMatching(message),
    });
    expect(server.requests).toHaveLength(tries);
    storage.close();
  });

  it("names a bucket, a profile and a server that are not there", async () => {
    const missing = openStorage("s3://no-such-bucket/x");
    await expect(missing.put("a.html", "x")).rejects.toThrow(
      /^s3:\/\/no-such-bucket\/x\/a\.html: .*found no such bucket; make it/,
    );
    await expect(missing.get("a.html")).rejects.toThrow(/no such bucket/);
    const profile = openStorage(`s3://${server.bucket}`, {profile: "ck"});
    await expect(profile.list("")).rejects.toThrow(
      /found .*credentials.*; check the credentials of AWS profile ck$/,
    );
    process.env.AWS_ENDPOINT_URL_S3 = "http://127.0.0.1:9";
    const nowhere = openStorage(`s3://${server.bucket}`, {attempts: 1});
    await expect(nowhere.has("a.html")).rejects.toThrow(/ECONNREFUSED.*check the endpoint/);
  });

  it.each(["s3://", "s3:///x", "s3://Ü/x", "s3://desk-pages/../x"])("%s is refused", (place) => {
    expect(() => openStorage(place)).toThrow(expect.objectContaining({code: "bad-parameter"}));
  });
});
