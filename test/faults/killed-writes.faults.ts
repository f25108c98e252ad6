import {execFile} from "node:child_process";
import {createHash} from "node:crypto";
import {existsSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {promisify} from "node:util";
import {afterEach, beforeEach, describe, expect, it} from "vitest";
import type {RunOutcome} from "../../publish/notebook/run-outcome.js";
import type {RunRecord} from "../../publish/result/record/run-record-schema.js";
import {isPageName} from "../../publish/site/page-names.js";
import {type Desk, failed, good, openDesk} from "../publish/result/desk.js";

const publisher = fileURLToPath(new URL("killed-publisher.mjs", import.meta.url));

let desk: Desk;
let site: string;
beforeEach(async () => {
  desk = await openDesk();
  site = join(desk.folder, "site");
});
afterEach(() => desk.remove());

/** Publishes in a process of its own, which kills itself at a write; the number of its writes. */
async function publish(outcome: RunOutcome, write = 0, when = "before"): Promise<number | null> {
  const path = join(desk.folder, "outcome.json");
  writeFileSync(path, JSON.stringify(outcome));
  const args = [publisher, path, desk.notebookPath, desk.dstDir, site, String(write), when];
  try {
    return Number((await promisify(execFile)(process.execPath, args)).stdout);
  } catch (error) {
    expect((error as {signal?: string}).signal, String(error)).toBe("SIGKILL");
    return null;
  }
}

/** What a marker claims: a record of success, and every file it lists as it was written. */
function checkMarker(): void {
  const folder = join(desk.dstDir, "result_0");
  if (!existsSync(join(folder, "success.txt"))) return;
  const record = JSON.parse(readFileSync(join(folder, "run.json"), "utf8")) as RunRecord;
  expect(record).toMatchObject({status: "ok", exitCode: 0, problems: []});
  expect(record.artefacts.some(({path}) => path.endsWith(".html"))).toBe(true);
  for (const {path, sha256} of record.artefacts) {
    const bytes = readFileSync(join(folder, path));
    expect(createHash("sha256").update(bytes).digest("hex"), path).toBe(sha256);
  }
}

/** Every page of the site is whole; under a name that stays, none is of a run that failed. */
function checkSite(): void {
  if (!existsSync(site)) return;
  for (const name of readdirSync(site).filter((one) => one.endsWith(".html"))) {
    const page = readFileSync(join(site, name), "utf8");
    expect(page.trimEnd().endsWith("</html>"), name).toBe(true);
    if (!isPageName(name)) expect(page, name).not.toContain("This run failed.");
  }
}

describe("a publisher that is killed at any write", () => {
  it("after a good run leaves a true marker or none, and whole pages", async () => {
    const writes = (await publish(good())) as number;
    expect(writes).toBeGreaterThanOrEqual(14);
    expect(desk.hasMarker()).toBe(true);
    checkMarker();
    for (let write = 1; write <= writes; ++write) {
      rmSync(site, {recursive: true, force: true});
      expect(await publish(good(), write, write % 2 === 0 ? "aside" : "before")).toBeNull();
      expect(desk.hasMarker(), `killed at write ${write}`).toBe(false);
      checkSite();
      for (const folder of [desk.dstDir, join(desk.dstDir, "result_0")]) {
        const aside = readdirSync(folder).filter((name) => name.endsWith(".tmp"));
        expect(aside.length, `what killed writers left in ${folder}`).toBeLessThanOrEqual(1);
      }
    }
    await publish(good());
    for (const folder of [desk.dstDir, join(desk.dstDir, "result_0")]) {
      expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
    }
  });

  it("after a failed run leaves no marker, and the good page where it was", async () => {
    await publish(good());
    const stable = readFileSync(join(site, "page.last_24hours.html"), "utf8");
    const writes = (await publish(failed())) as number;
    for (let write = 0; write <= writes; ++write) {
      await publish(failed(), write);
      expect(desk.hasMarker(), `killed at write ${write}`).toBe(false);
      checkSite();
      expect(readFileSync(join(site, "page.last_24hours.html"), "utf8")).toBe(stable);
    }
  });
});
