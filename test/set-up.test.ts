import {createHash} from "node:crypto";
import * as fs from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, describe, expect, it} from "vitest";
import {makeProject, runNode, write, writeLock} from "./set-up-project.js";

const folder = makeProject();
afterAll(() => fs.rmSync(folder, {recursive: true, force: true}));

const setUp = (...args: string[]) => runNode(folder, ["src/cli/set-up.mjs", ...args]);
const npmCalls = () =>
  fs.readFileSync(join(folder, "npm-calls.txt"), "utf8").split("\n").length - 1;
const has = (path: string) => fs.existsSync(join(folder, path));
const lock = join(
  tmpdir(),
  `reckon-set-up-${createHash("sha256").update(folder).digest("hex").slice(0, 16)}`,
);

// The cases build on one another, as the days of a checkout do.
describe("set-up of a checkout", () => {
  it("from a fresh clone: installs, compiles, runs, passes arguments and exit code", async () => {
    const {code, stdout, stderr} = await setUp("demo", "--data", "x y");
    expect(stdout).toBe("demo --data x y\n");
    expect(code).toBe(7);
    expect(stderr).toMatch(/installing.*\n.*compiling/);
    expect(fs.realpathSync(join(folder, "node_modules/reckon"))).toBe(folder);
    expect((await runNode(folder, ["node_modules/.bin/reckon", "hello"])).stdout).toBe("hello\n");
    expect(fs.statSync(join(folder, "dist/src/cli/main.js")).mode & 0o777).toBe(0o755);
  });

  it("does nothing twice", async () => {
    const {code, stderr} = await setUp("demo");
    expect({code, stderr, calls: npmCalls()}).toEqual({code: 7, stderr: "", calls: 1});
  });

  it("compiles a changed source and removes the output of one that is gone", async () => {
    write(folder, "publish/b.ts", "export const b = 1;");
    fs.rmSync(join(folder, "publish/a.ts"));
    expect(await setUp("build")).toMatchObject({
      code: 0,
      stderr: "set-up: compiling src and publish\n",
    });
    expect([has("dist/publish/a.js"), has("dist/publish/b.js")]).toEqual([false, true]);
    expect(npmCalls()).toBe(1);
  });

  it("keeps the old output when a source does not compile", async () => {
    write(folder, "publish/b.ts", "export const b: string = 1;");
    const {code, stdout, stderr} = await setUp("demo");
    expect({code, stdout}).toEqual({code: 1, stdout: ""});
    expect(stderr).toMatch(/publish\/b\.ts.*TS2322.*\nbuild: expected sources that compile/);
    expect(has("dist/publish/b.js")).toBe(true);
    expect(fs.readdirSync(join(folder, "node_modules")).join()).not.toContain(".reckon-build-");
    write(folder, "publish/b.ts", "export const b = 1;");
  });

  it("installs once when two start at once on a changed lockfile", async () => {
    writeLock(folder, "1.0.1");
    const both = await Promise.all([setUp("build"), setUp("build")]);
    expect(both.map(({code}) => code)).toEqual([0, 0]);
    expect(npmCalls()).toBe(2);
    expect(has("node_modules/.bin/reckon")).toBe(true);
    expect(fs.existsSync(lock)).toBe(false);
  });

  it("takes over the lock of a process that has died", async () => {
    const {stdout: pid} = await runNode(folder, ["-p", "process.pid"]);
    fs.mkdirSync(lock);
    fs.writeFileSync(join(lock, "pid"), pid);
    expect((await setUp("build")).code).toBe(0);
    expect(fs.existsSync(lock)).toBe(false);
  });

  it("passes a signal on and ends as the task ends", async () => {
    const onOutput = (text: string, pid: number) => {
      if (text.includes("demo wait")) {
        process.kill(pid, "SIGTERM");
      }
    };
    const ended = await runNode(folder, ["src/cli/set-up.mjs", "demo", "wait"], {onOutput});
    expect(ended.code).toBe(5);
  });

  it("runs the tests with their arguments", async () => {
    expect(await setUp("test", "test/a.test.ts")).toMatchObject({
      code: 0,
      stdout: "vitest run test/a.test.ts\n",
    });
  });

  it("gives the tests of faults their own options, and passes the others on", async () => {
    const {stdout} = await setUp("test:faults", "--full", "--seed", "7", "--reporter=dot");
    expect(stdout).toBe("vitest run --config vitest.faults.config.ts --reporter=dot\n");
  });

  it("check runs every part, shows the output of those that fail, and fails", async () => {
    const {code, stdout} = await setUp("check");
    expect(code).toBe(1);
    expect(stdout).toMatch(/unused: a\.ts\nFAILED {2}unused/);
    expect(stdout).not.toContain("lint was silent");
    expect(stdout.trimEnd().split("\n").at(-1)).toBe("check: 3 passed, 1 failed: unused");
  });

  it("shows npm's own error, and tries again next time", async () => {
    writeLock(folder, "1.0.2");
    write(folder, "no-network", "");
    const {code, stderr} = await setUp("test");
    expect(code).toBe(1);
    expect(stderr).toMatch(/npm error network unreachable\nnpm ci.*found exit code 3/);
    expect(npmCalls()).toBe(3);
  });

  it("is prepared by npm from what that has installed, and not while set-up installs", async () => {
    fs.rmSync(join(folder, "dist"), {recursive: true});
    const env = {RECKON_SET_UP_INSTALLS: "1"};
    await runNode(folder, ["src/cli/set-up.mjs", "prepare"], {env});
    expect(has("dist")).toBe(false);
    expect((await setUp("prepare")).code).toBe(0);
    expect({isBuilt: has("dist/publish/b.js"), calls: npmCalls()}).toEqual({
      isBuilt: true,
      calls: 3,
    });
  });

  it("says which tasks there are", async () => {
    const {code, stderr} = await setUp("dmeo");
    expect(code).toBe(2);
    const tasks = "demo, test, test:docs, test:faults, bench, bench:publish, build, prepare, check";
    expect(stderr).toBe(`set-up: expected one of ${tasks}, found dmeo\n`);
  });

  it("refuses an old Node before anything else", async () => {
    const old = 'Object.defineProperty(process, "versions", {value: {node: "20.18.3"}})';
    const args = ["--import", `data:text/javascript,${encodeURIComponent(old)}`];
    const {code, stderr} = await runNode(folder, [...args, "src/cli/set-up.mjs", "demo"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Node\.js: expected 20\.19 or newer, found 20\.18\.3;/);
  });
});
