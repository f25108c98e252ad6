import {spawn} from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";
import {fileURLToPath} from "node:url";
import {afterAll, describe, expect, it} from "vitest";
import {PublishError} from "../../../publish/errors.js";
import {parseNotebook} from "../../../publish/notebook/file/read-notebook.js";
import {runMarkOf} from "../../../publish/notebook/file/run-mark.js";
import {formatNotebook} from "../../../publish/notebook/file/write-notebook.js";
import type {RunOutcome} from "../../../publish/notebook/run-outcome.js";
import type {FigurePainter} from "../../../publish/render/picture/figure-painter.js";
import {publishNotebook} from "../../../publish/result/publish-notebook.js";
import {whatPageSays} from "../../../publish/site/page-status.js";
import {sleep} from "../../../publish/timers.js";
import {code, display, notebookOf, text} from "../../publish/render/sample-notebook.js";
import {failed, good, outcomeOf, worldOf} from "../../publish/result/desk.js";
import {reckon} from "../command-line.js";

const MAIN = fileURLToPath(new URL("../../../dist/src/cli/main.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "unfinished-"));
afterAll(() => rmSync(folder, {recursive: true, force: true}));

let sites = 0;

/** Publishes a file to a site of its own; `names` are those that stay, `page` is its page. */
async function publish(file: string) {
  const site = join(folder, `site-${++sites}`);
  const flags = ["--site", site, "--stable-name", "C1.last_24hours", "--no-index"];
  const {exitCode, stderr} = await reckon(
    "publish",
    "--file",
    file,
    "--action",
    "publish",
    ...flags,
  );
  const [pages, names] = [/\d{8}-\d{6}/, /^(?!.*\d{8}-\d{6}).*html$/].map((pattern) =>
    readdirSync(site).filter((name) => pattern.test(name)),
  );
  const page = readFileSync(join(site, pages?.[0] as string), "utf8");
  return {exitCode, stderr, names, page, said: whatPageSays(page).status};
}

const allNames = (name: string) => [
  "C1.last_24hours.html",
  `${name}.latest-success.html`,
  `${name}.latest.html`,
];

describe("the notebook of a runner that was killed", () => {
  it("moves no name, copied or where it lies, and tells where the run was", async () => {
    const path = join(folder, "cut.ipynb");
    const cells = [text("# Cut"), code("console.log('one')"), code("for (;;) {}"), code("'four'")];
    const fresh = cells.map((cell, i) => ({...cell, id: `c${i}`}));
    writeFileSync(path, formatNotebook(notebookOf(...fresh)));
    const dst = join(folder, "cut");
    const args = [MAIN, "notebook", "run", path, "--dst-dir", dst];
    const child = spawn(process.execPath, args, {stdio: "ignore"});
    const left = join(dst, "result_0", "cut.0.ipynb");
    const saved = () => (existsSync(left) ? readFileSync(left, "utf8") : "");
    while (!saved().includes("one\\n") && child.exitCode === null) await sleep(20);
    child.kill("SIGKILL");
    await new Promise((resolve) => child.once("close", resolve));
    expect(runMarkOf(parseNotebook(saved(), left))).toBe("running");
    expect(existsSync(join(dirname(left), "success.txt"))).toBe(false);

    const copied = join(folder, "copied.ipynb");
    copyFileSync(left, copied);
    for (const file of [left, copied]) {
      const {names, page, said, stderr} = await publish(file);
      expect(names).toEqual([]);
      expect(stderr).toContain("did not end");
      expect(page).toContain("cell 3 had not ended: the run was cut off, or goes on");
      expect(page).toContain("1 cell did not run.");
      expect(said).toBe("cell-failed"); // of a page that was saved from the site
    }
    // Run again to its end, it is a notebook like any other.
    writeFileSync(copied, saved().replace("for (;;) {}", "'three'"));
    const again = await reckon("notebook", "run", copied, "--dst-dir", dst);
    expect(again.exitCode).toBe(0);
    const {names} = await publish(join(dst, "result_0", "copied.0.ipynb"));
    expect(names).toEqual(allNames("copied"));
  }, 60_000);
});

/** The executed notebook of a run on a machine without a browser. */
async function withoutBrowser(name: string, outcome: RunOutcome) {
  const notebookPath = join(folder, `${name}.ipynb`);
  writeFileSync(notebookPath, formatNotebook(outcome.notebook));
  const paint: FigurePainter["paint"] = async () => {
    throw new PublishError("render-failed", "no browser");
  };
  const world = worldOf(outcome, {withPainter: (use) => use({paint, warm: () => {}})});
  const request = {notebookPath, dstDir: join(folder, name)};
  const {exitCode, paths} = await publishNotebook(request, world);
  return {exitCode, paths};
}

describe("a run whose page had to do without pictures, published where there is a browser", () => {
  it("moves all names, since the page is good now", async () => {
    const {exitCode, paths} = await withoutBrowser("pnl", good());
    expect([exitCode, existsSync(paths.success)]).toEqual([8, false]);
    expect((await publish(paths.page)).names).toEqual([]); // the page is the old one
    const published = await publish(paths.notebook);
    expect(published).toMatchObject({exitCode: 0, names: allNames("pnl"), said: "ok"});
  }, 60_000);

  const odd = () => outcomeOf([text("# Odd"), code("1", [display({"x/y": 1})])]);
  it.each<[string, number, RunOutcome]>([
    ["failed", 0, failed()],
    ["not all shown", 8, odd()],
  ])(
    "moves none for a notebook that is %s",
    async (name, exitCode, outcome) => {
      const {paths} = await withoutBrowser(name.replaceAll(" ", "-"), outcome);
      expect(await publish(paths.notebook)).toMatchObject({exitCode, names: []});
    },
    60_000,
  );
});
