import {spawn} from "node:child_process";
import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {afterAll, describe, expect, it} from "vitest";
import {formatNotebook} from "../../../publish/notebook/file/write-notebook.js";
import {code, notebookOf, text} from "../../publish/render/sample-notebook.js";
import {reckon} from "../command-line.js";

const folder = mkdtempSync(join(tmpdir(), "reckon-notebook-run-"));
afterAll(() => rmSync(folder, {recursive: true, force: true}));

const MAIN = fileURLToPath(new URL("../../../dist/src/cli/main.js", import.meta.url));

/** Ends in the way that its parameter names. */
const ways = join(folder, "ways.ipynb");
const cells = [
  text("# Ways to end"),
  code(
    '/** How this run ends. */\nconst how: "well" | "throw" | "hang" | "die" = "well";',
    [],
    ["parameters"],
  ),
  text("## The work"),
  code(
    "console.log('working');\n" +
      "if (how === 'throw') throw new RangeError('no such day');\n" +
      "if (how === 'hang') while (true) {}\n" +
      "if (how === 'die') process.exit(3);",
  ),
].map((cell, i) => ({...cell, id: `c${i}`}));
writeFileSync(ways, formatNotebook(notebookOf(...cells)));

let count = 0;
const run = async (...flags: string[]) => {
  const dst = join(folder, `out-${++count}`);
  const ended = await reckon("notebook", "run", ways, "--dst-dir", dst, ...flags);
  const result = join(dst, "result_0");
  return {...ended, dst, isMarked: existsSync(join(result, "success.txt")), result};
};

describe("reckon notebook run", () => {
  it.each<[string, number, RegExp, string[]]>([
    ["cell-failed", 1, /cell 4 "The work", line 2: RangeError: no such day/, ["-p", "how=throw"]],
    ["cell-timeout", 4, /did not end within 1 s/, ["-p", "how=hang", "--cell-timeout", "1"]],
    ["notebook-timeout", 5, /did not end within 1 s/, ["-p", "how=hang", "--timeout", "1s"]],
    ["kernel-died", 6, /the kernel ended \(exit 3\)/, ["-p", "how=die"]],
  ])("%s: exits with %i, says why, leaves a page and no marker", async (...row) => {
    const [status, wanted, why, flags] = row;
    const {exitCode, stdout, result, isMarked} = await run(...flags);
    expect([exitCode, isMarked]).toEqual([wanted, false]);
    expect(stdout).toMatch(why);
    const record = JSON.parse(readFileSync(join(result, "run.json"), "utf8"));
    expect(record).toMatchObject({status, exitCode: wanted});
    const page = readdirSync(result).find((name) => name.endsWith(".html"));
    expect(readFileSync(join(result, page as string), "utf8")).toContain("This run failed.");
  });

  it("with --allow-errors exits with 0, unmarked; --follow tells what is printed", async () => {
    const flags = ["--allow-errors", "--follow"];
    const {exitCode, stdout, isMarked} = await run("-p", "how=throw", ...flags);
    expect([exitCode, isMarked]).toEqual([0, false]);
    expect(stdout).toContain("cell-failed");
    expect(stdout).toMatch(/── cell 4: The work\nworking\n/);
  });

  it("shows with --follow a line while its cell still runs", async () => {
    const [notebook, sign] = [join(folder, "waits.ipynb"), join(folder, "seen")];
    const source = [
      'import {existsSync} from "node:fs";',
      'console.log("are you there?");',
      `while (!existsSync(${JSON.stringify(sign)})) await new Promise((go) => setTimeout(go, 5));`,
      'console.log("somebody saw it");',
    ];
    writeFileSync(notebook, formatNotebook(notebookOf(code(source.join("\n")))));
    const args = ["notebook", "run", notebook, "--dst-dir", join(folder, "waits"), "--follow"];
    const child = spawn(process.execPath, [MAIN, ...args], {timeout: 30_000});
    let told = "";
    child.stdout.on("data", (chunk) => {
      told += String(chunk);
      if (/are you there\?\n/.test(told)) writeFileSync(sign, "");
    });
    expect(await new Promise((resolve) => child.once("close", resolve))).toBe(0);
    expect(told).toContain("somebody saw it\n");
  });

  it("tells events as JSON lines, the result last", async () => {
    const {stdout} = await run("--json");
    const lines = stdout.trimEnd().split("\n");
    const events = lines.map((line) => JSON.parse(line));
    expect(events.map(({type}) => type)).toEqual([
      "run-started",
      "kernel-started",
      "cell-started",
      "cell-ended",
      "cell-started",
      "stream",
      "cell-ended",
      "batch-ended",
    ]);
    expect(events.at(-1)).toMatchObject({exitCode: 0, runs: [{index: 0, status: "ok"}]});
  });

  it("is interrupted with 130, and leaves no kernel behind", async () => {
    const dst = join(folder, "interrupted");
    const args = ["notebook", "run", ways, "--dst-dir", dst, "-p", "how=hang", "--json"];
    const child = spawn(process.execPath, [MAIN, ...args], {timeout: 60_000});
    let kernel = 0;
    child.stdout.on("data", (chunk) => {
      kernel = Number(/"kernel-started","pid":(\d+)/.exec(String(chunk))?.[1] ?? kernel);
      if (/"cell-started","index":\d+,"title":"The work"/.test(String(chunk))) child.kill("SIGINT");
    });
    const exit = await new Promise((resolve) => child.once("close", resolve));
    expect(exit).toBe(130);
    expect(() => process.kill(kernel, 0)).toThrow();
    const record = JSON.parse(readFileSync(join(dst, "result_0", "run.json"), "utf8"));
    expect(record).toMatchObject({status: "interrupted", exitCode: 130});
  });
});

describe("a list of configs", () => {
  const list = (name: string, content: string) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };

  it("runs each, counts what failed, and exits as the first that did", async () => {
    const configs = list("three.yaml", "- {how: well}\n- {how: throw}\n- {how: well}\n");
    const {exitCode, stdout, dst} = await run("--configs", configs, "--skip-on-error");
    expect(exitCode).toBe(1);
    expect(stdout).toContain("2 of 3 runs without failure; failed: 1\n");
    const marks = [0, 1, 2].map((i) => existsSync(join(dst, `result_${i}`, "success.txt")));
    expect(marks).toEqual([true, false, true]);
    const flags = ["--configs", configs, "--index", "2", "--dst-dir", dst];
    const again = await reckon("notebook", "run", ways, ...flags);
    expect(again.stdout).toMatch(/^done before: .*result_2; --no-incremental runs it again\n$/);
    const stopped = await run("--configs", list("two.yaml", "- {how: throw}\n- {how: well}\n"));
    expect(stopped.stdout).toContain("0 of 2 runs without failure; failed: 0; not run: 1\n");
  });

  it("prints what would run, and changes nothing", async () => {
    const configs = list("two.json", '[{"how": "well"}, {}]');
    const {exitCode, stdout, dst} = await run("--configs", configs, "--dry-run");
    expect([exitCode, existsSync(dst)]).toEqual([0, false]);
    expect(stdout).toMatch(/result_0: would run: how="well"\n.*result_1: would run\n$/);
  });

  it.each<[string, string, string, RegExp]>([
    ["no list", "map.yaml", "how: well", /map\.yaml: expected a list of configs, found a map/],
    ["an empty list", "empty.json", "[]", /expected a list of configs, found an empty list/],
    ["an item that is no map", "items.json", "[{}, 5]", /config 1: expected a map, found number/],
    ["broken JSON", "broken.json", "[{", /broken\.json: expected a JSON or YAML file/],
    ["an unknown parameter", "name.yaml", "- {haw: well}", /haw.*how/s],
    ["a value out of the union", "value.yaml", "- {how: badly}", /how: expected .*badly/s],
  ])("with %s is refused: exit code 2, nothing written", async (...row) => {
    const [, name, content, message] = row;
    const {exitCode, stderr, dst} = await run("--configs", list(name, content));
    expect(stderr).toMatch(message);
    expect([exitCode, existsSync(dst)]).toEqual([2, false]);
  });
});

describe("a wrong command line", () => {
  it.each<[string[], RegExp]>([
    [["-p", "how"], /-p: expected name=value, found "how"/],
    [["-p", "how=well", "-p", "how=die"], /-p how: expected one value, found it given twice/],
    [["--num-threads", "many"], /--num-threads: expected serial, a number.*found "many"/],
    [["--num-attempts", "0"], /--num-attempts: expected a number from 1 on, found 0/],
    [["--timeout", "-1"], /--timeout: expected a span above 0 like 30s, .*, found "-1"/],
    [["--cell-timeout", "2 days"], /--cell-timeout: expected a span above 0.*found "2 days"/],
    [["--index", "1"], /index: expected 0\.\.0, found 1/],
    [["--nonsense"], /nonsense/],
  ])("%j is refused: exit code 2, nothing written", async (flags, message) => {
    const {exitCode, stderr, dst} = await run(...flags);
    expect(stderr).toMatch(message);
    expect([exitCode, existsSync(dst)]).toEqual([2, false]);
  });

  it("a notebook that is not there", async () => {
    const {exitCode, stderr} = await reckon("notebook", "run", join(folder, "none.ipynb"));
    expect(stderr).toMatch(/none\.ipynb: expected a notebook that can be read, found no such file/);
    expect(exitCode).toBe(2);
  });
});

describe("reckon notebook new", () => {
  it.each(["report", "blank"])(
    "%s: a notebook that runs as it is, and is published",
    async (skeleton) => {
      const flags = ["--skeleton", skeleton, "--dst-dir", folder];
      const made = await reckon("notebook", "new", `my-${skeleton}`, ...flags);
      const path = join(folder, `my-${skeleton}.ipynb`);
      expect(made).toMatchObject({exitCode: 0});
      expect(readFileSync(path, "utf8")).toContain(`# My ${skeleton}`);
      const dst = join(folder, `new-${skeleton}`);
      const ran = await reckon("notebook", "run", path, "--dst-dir", dst);
      expect(ran.stdout).toMatch(/^ok in .* m?s\n {2}.*my-\w+\.0\.\d{8}-\d{6}\.html\n$/);
      expect(ran.exitCode).toBe(0);
      const result = readdirSync(join(dst, "result_0"));
      expect(result).toEqual(expect.arrayContaining(["run.json", "success.txt"]));
      const again = await reckon("notebook", "new", `my-${skeleton}`, ...flags);
      expect(again).toMatchObject({exitCode: 2, stderr: expect.stringContaining("found one")});
    },
  );

  it.each<[string, string[], RegExp]>([
    ["../up", [], /name: expected letters.*found "\.\.\/up"/],
    ["ok", ["--skeleton", "rport"], /skeleton: expected one of blank, report, run, found "rport"/],
  ])("%s %j is refused", async (name, flags, message) => {
    const {exitCode, stderr} = await reckon("notebook", "new", name, ...flags);
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(2);
  });

  it("run.json has a schema to print", async () => {
    const {stdout} = await reckon("notebook", "schema");
    expect(JSON.parse(stdout)).toMatchObject({properties: {runId: {}, artefacts: {}}});
  });
});
