import {spawn} from "node:child_process";
import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";
import {fileURLToPath, pathToFileURL} from "node:url";
import {afterAll, describe, expect, it} from "vitest";
import type {Cell} from "../../../publish/notebook/file/nbformat.js";
import {formatNotebook} from "../../../publish/notebook/file/write-notebook.js";
import type {RunOutcome} from "../../../publish/notebook/run-outcome.js";
import {publishNotebook} from "../../../publish/result/publish-notebook.js";
import {sha256} from "../../../publish/sha256.js";
import {code, display, notebookOf, stream, text} from "../../publish/render/sample-notebook.js";
import {failed, good, startedAt, worldOf} from "../../publish/result/desk.js";
import {reckon} from "../command-line.js";

const folder = mkdtempSync(join(tmpdir(), "reckon-site-cli-"));
afterAll(() => rmSync(folder, {recursive: true, force: true}));
const MAIN = fileURLToPath(new URL("../../../dist/src/cli/main.js", import.meta.url));
const site = join(folder, "site");

function save(name: string, ...cells: Parameters<typeof notebookOf>): string {
  const path = join(folder, name);
  const named = cells.map((cell, i) => ({...cell, id: `c${i}`}));
  writeFileSync(path, formatNotebook(notebookOf(...named)));
  return path;
}

/** A server on a free port, once it listens. */
async function serve(dir: string, ...flags: string[]) {
  const args = [MAIN, "site", "serve", "--site", dir, "--port", "0", ...flags];
  const child = spawn(process.execPath, args);
  const address = await new Promise<string>((resolve) => {
    child.stdout.once("data", (chunk) => resolve(String(chunk).split("\n")[0] as string));
    child.once("close", () => resolve("none: it ended"));
  });
  return {child, address};
}

const executed = save("orders.ipynb", text("# Orders"), code("1", [stream("one\n")]));
const bare = save("bare.ipynb", text("# Bare"), {...code("1"), execution_count: null} as Cell);
const pages = (dir: string) => readdirSync(dir).filter((name) => name.endsWith(".html"));

describe("reckon publish", () => {
  it("puts a page on a site as the reference's command line says, and indexes it", async () => {
    const flags = ["--file", executed, "--action", "publish", "--tag", "t", "--target_dir", site];
    const {exitCode, stdout} = await reckon("publish", ...flags, "--stable-name", "C1.newest");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^file:.*\/orders\.\d{8}-\d{6}\.t\.html\n.*orders\.t\.latest\.html\n/);
    expect(pages(site).sort()).toEqual([
      "C1.newest.html",
      "index.html",
      expect.stringMatching(/^orders\.\d{8}-\d{6}\.t\.html$/),
      "orders.t.latest.html",
    ]);
    expect(readFileSync(join(site, "index.html"), "utf8")).toContain("Orders");
  });

  it("converts into the folder that is named", async () => {
    const dir = join(folder, "converted");
    const {exitCode, stdout} = await reckon("publish", "--file", executed, "--target-dir", dir);
    expect([exitCode, pages(dir)]).toEqual([0, [expect.stringMatching(/^orders\./)]]);
    expect(stdout).toContain(dir);
  });

  it.each<[string, string[], number, RegExp]>([
    ["no site", ["--file", executed, "--action", "publish"], 2, /expected a site, found none/],
    [
      "no such file",
      ["--file", "none.ipynb"],
      2,
      /none\.ipynb: expected a file that can be read, found no such file/,
    ],
    ["a notebook that never ran", ["--file", bare], 2, /found a notebook that never ran/],
    ["another kind of file", ["--file", MAIN], 2, /expected an executed \.ipynb or a page/],
    [
      "a tag that leads out",
      ["--file", executed, "--action", "publish", "--site", site, "--tag", "../x"],
      2,
      /tag "\.\.\/x": expected a plain file name/,
    ],
    [
      "a server that is not there",
      ["--file", executed, "--action", "publish", "--site", "s3://desk/pages"],
      9,
      /s3:\/\/desk\/pages\/site\.json: expected to read it, found ECONNREFUSED/,
    ],
  ])("%s", async (_name, flags, wanted, message) => {
    const env = {
      AWS_ENDPOINT_URL: "http://127.0.0.1:9",
      AWS_ACCESS_KEY_ID: "x",
      AWS_SECRET_ACCESS_KEY: "x",
      RECKON_SITE: "",
      AWS_MAX_ATTEMPTS: "1",
    };
    Object.assign(process.env, env);
    const {exitCode, stderr} = await reckon("publish", ...flags);
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(wanted);
  });
});

/**
 * The results of a run that failed and then of one that went well, in one folder: the page of the
 * first as an older version left it there.
 */
async function failedThenGood(dir: string): Promise<{failed: string; good: string}> {
  const notebook = save("own.ipynb", text("# Own"), {...code("1"), execution_count: null} as Cell);
  const run = async (outcome: RunOutcome, startedAt: number) => {
    const request = {notebookPath: notebook, dstDir: dir, now: () => startedAt};
    return (await publishNotebook(request, worldOf(outcome))).paths.page;
  };
  const page = await run(failed(), startedAt - 60_000);
  const left = readFileSync(page);
  const newer = await run(good(), startedAt);
  writeFileSync(page, left);
  return {failed: page, good: newer};
}

describe("reckon publish of what did not go well", () => {
  const place = join(folder, "fsite");
  const publish = (file: string) => {
    const flags = ["--site", place, "--stable-name", "C1.last_24hours", "--no-index"];
    return reckon("publish", "--file", file, "--action", "publish", ...flags);
  };
  const stays = () => pages(place).filter((name) => !/\d{8}-\d{6}/.test(name));

  it("moves no name that stays, and tells that", async () => {
    const {failed: page, good: newer} = await failedThenGood(join(folder, "own"));
    const mailed = join(folder, "mailed.html");
    writeFileSync(mailed, readFileSync(page));
    const unshown = save("odd.ipynb", text("# Odd"), code("1", [display({"x/y": 1})]));
    const cases: [file: string, name: string, exitCode: number][] = [
      [mailed, "mailed", 0],
      [page, "own", 0], // the record is of the newer run by now
      [unshown, "odd", 8],
    ];
    for (const [file, name, exitCode] of cases) {
      const result = await publish(file);
      expect([name, result.exitCode]).toEqual([name, exitCode]);
      expect(result.stdout.trim().split("\n")).toHaveLength(1);
      const names = `${name}.latest.html, C1.last_24hours.html`;
      expect(result.stderr).toContain(`${names}: expected the page of a run that went well`);
    }
    expect(stays()).toEqual([]);
    expect((await publish(newer)).exitCode).toBe(0);
    expect(stays()).toEqual(["C1.last_24hours.html", "own.latest-success.html", "own.latest.html"]);
  });

  it("stores the link in the log of the run", async () => {
    const {good: page} = await failedThenGood(join(folder, "logged"));
    const at = (name: string) => join(dirname(page), name);
    const executed = at("own.0.ipynb");
    const links: string[] = [];
    for (let i = 0; i < 2; ++i) {
      const {stdout} = await publish(executed);
      links.push(...stdout.trim().split("\n"));
    }
    const log = readFileSync(at("run_notebook.0.html.log"), "utf8");
    expect(log).toBe(`${[...new Set([pathToFileURL(page).href, ...links])].join("\n")}\n`);
    const {artefacts} = JSON.parse(readFileSync(at("run.json"), "utf8"));
    expect(artefacts).toContainEqual({
      path: "run_notebook.0.html.log",
      bytes: Buffer.byteLength(log),
      sha256: sha256(log),
      volatile: true,
    });
  });
});

describe("reckon site", () => {
  it("builds, and prunes what no name shows", async () => {
    for (const word of ["second", "third"]) {
      const page = join(folder, "orders.html");
      writeFileSync(page, `<!doctype html><title>Orders</title><p>${word}</p></html>`);
      const flags = ["--file", page, "--action", "publish", "--site", site, "--no-index"];
      expect((await reckon("publish", ...flags, "--tag", "t")).exitCode).toBe(0);
    }
    expect((await reckon("site", "build", "--site", site)).stdout).toMatch(/^3 runs, 0 failed\n/);
    const nowhere = await reckon("site", "prune", "--site", `${site}-no`, "--keep", "1");
    expect(nowhere).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("found no folder"),
    });
    const told = await reckon("site", "prune", "--site", site, "--keep", "0", "--dry-run");
    expect(told.stdout).toMatch(/would remove 1 pages.*2 pages stay\n$/s);
    const none = await reckon("site", "prune", "--site", site);
    expect([none.exitCode, none.stderr]).toEqual([2, expect.stringContaining("--keep N")]);
  });

  it("serves a site that its first refresh fills", async () => {
    const dir = join(folder, "new", "site");
    const {child, address} = await serve(dir, "--refresh", bare, "--every", "1h");
    const isThere = () => existsSync(dir) && pages(dir).some((name) => name.startsWith("bare."));
    for (let i = 0; i < 1_500 && !isThere(); ++i) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(await (await fetch(address)).text()).toContain("bare");
    child.kill("SIGTERM");
    expect(await new Promise((resolve) => child.once("close", resolve))).toBe(0);
  }, 60_000);

  it.each(["the launcher", "its shell"])(
    "npx: ends when %s is killed",
    async (which) => {
      const command = [process.execPath, MAIN, "site", "serve", "--site", site, "--port", "0"];
      const run = `const {spawn} = require("node:child_process");
      const args = ["-c", '"$0" "$@"; :', ...${JSON.stringify(command)}];
      console.error(spawn("sh", args, {stdio: "inherit"}).pid);`;
      const env = {...process.env, npm_command: "exec"};
      const launcher = spawn(process.execPath, ["-e", run], {env});
      const first = (stream: NodeJS.ReadableStream) =>
        new Promise<string>((resolve) => stream.once("data", (chunk) => resolve(String(chunk))));
      const [shell, printed] = await Promise.all([first(launcher.stderr), first(launcher.stdout)]);
      const address = printed.split("\n")[0] as string;
      expect((await fetch(address)).status).toBe(200);
      const closed = new Promise((resolve) => launcher.stdout.once("close", resolve));
      process.kill(which === "the launcher" ? (launcher.pid as number) : Number(shell), "SIGKILL");
      await closed; // nobody holds it any more
      await expect(fetch(address)).rejects.toThrow();
    },
    20_000,
  );

  it("serves until it is told to stop", async () => {
    const {child, address} = await serve(site);
    const open = await fetch(`${address}~live?page=/`);
    expect(await (await fetch(address)).text()).toContain("Orders");
    child.kill("SIGTERM");
    expect(await new Promise((resolve) => child.once("close", resolve))).toBe(0);
    await open.text();
    expect(existsSync(join(site, "index.html"))).toBe(true);
  });
});
