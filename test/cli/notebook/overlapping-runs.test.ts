import {type ChildProcess, spawn} from "node:child_process";
import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {afterAll, describe, expect, it} from "vitest";
import {formatNotebook} from "../../../publish/notebook/file/write-notebook.js";
import {code, notebookOf} from "../../publish/render/sample-notebook.js";

const MAIN = fileURLToPath(new URL("../../../dist/src/cli/main.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "reckon-overlapping-"));
afterAll(() => rmSync(folder, {recursive: true, force: true}));

/** Runs until the file is there that its parameter names. */
const notebook = join(folder, "race.ipynb");
const cells = [
  code("const until: string = '';\nconst bad: boolean = false;", [], ["parameters"]),
  code("import {existsSync} from 'node:fs';"),
  code(
    "for (let i = 0; until !== '' && !existsSync(until) && i < 3_000; ++i)\n" +
      "  await new Promise((resolve) => setTimeout(resolve, 10));\n" +
      "if (bad) throw new Error('went wrong');",
  ),
].map((cell, i) => ({...cell, id: `c${i}`}));
writeFileSync(notebook, formatNotebook(notebookOf(...cells)));

interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
}

function start(dst: string, ...flags: string[]): {child: ChildProcess; ended: Promise<Ended>} {
  const args = [MAIN, "notebook", "run", notebook, "--dst-dir", dst, ...flags];
  const child = spawn(process.execPath, args, {stdio: ["ignore", "pipe", "ignore"]});
  let stdout = "";
  child.stdout?.on("data", (chunk) => {
    stdout += String(chunk);
  });
  const ended = new Promise<Ended>((resolve) => {
    child.once("close", (exitCode) => resolve({exitCode, stdout}));
  });
  return {child, ended};
}

/** Waits until the second cell of a run has begun. */
async function underWay(result: string): Promise<void> {
  const events = join(result, "events.jsonl");
  const isWaiting = () =>
    existsSync(events) && /"cell-started","index":2/.test(readFileSync(events, "utf8"));
  for (let i = 0; !isWaiting(); ++i) {
    if (i > 2_000) throw new Error("the first run did not begin");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const recordOf = (result: string) =>
  JSON.parse(readFileSync(join(result, "run.json"), "utf8")) as {status: string};

describe("two runs into one result folder", () => {
  it("the second is refused, and a failing first one ends without a marker", async () => {
    const dst = join(folder, "refused");
    const result = join(dst, "result_0");
    const until = join(folder, "go-on");
    const first = start(dst, "-p", "bad=true", "-p", `until=${until}`);
    await underWay(result);
    const second = await start(dst).ended;
    expect(second.exitCode).toBe(2);
    expect(second.stdout).toContain(`${result}: expected a result folder no other run writes to`);
    expect(second.stdout).toContain(`found process ${first.child.pid} on `);
    writeFileSync(until, "");
    expect((await first.ended).exitCode).toBe(1);
    expect(recordOf(result).status).toBe("cell-failed");
    expect(readdirSync(result)).not.toContain("success.txt");
    expect(readdirSync(result)).not.toContain(".run.lock");
  }, 60_000);

  it("the lock of a run that was killed is taken over", async () => {
    const dst = join(folder, "taken");
    const result = join(dst, "result_0");
    const first = start(dst, "-p", `until=${join(folder, "never")}`);
    await underWay(result);
    first.child.kill("SIGKILL");
    await first.ended;
    expect(readdirSync(result)).toContain(".run.lock");
    expect((await start(dst).ended).exitCode).toBe(0);
    expect(recordOf(result).status).toBe("ok");
    expect(readdirSync(result)).toContain("success.txt");
    expect(readdirSync(result)).not.toContain(".run.lock");
  }, 60_000);
});
