import {existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {dirname, join} from "node:path";
import {afterAll, describe, expect, it} from "vitest";
import {buildSite} from "../../../publish/site/index/build-site.js";
import {readEntries} from "../../../publish/site/index/read-entries.js";
import {isPageName} from "../../../publish/site/page-names.js";
import {pruneSite} from "../../../publish/site/prune-site.js";
import {publishPage} from "../../../publish/site/publish-page.js";
import type {Site} from "../../../publish/site/site.js";
import {localStorage} from "../../../publish/storage/local-storage.js";
import type {Storage} from "../../../publish/storage/storage.js";
import {firstRun, openFolder, samplePage} from "./sample-pages.js";

const {folder, remove} = openFolder();
afterAll(remove);
const place = join(folder, "site");
const config = {title: "x", columns: []};

/** A site whose user stops for good before step `last + 1`; nothing is tidied up after that. */
function stoppingAfter(last: number): Site & {steps(): number} {
  const storage = localStorage(place, async (path, content) => {
    mkdirSync(dirname(path), {recursive: true});
    writeFileSync(path, content);
  });
  let steps = 0;
  const step = (name: "put" | "create" | "copy" | "remove") =>
    (async (...args: never[]) => {
      if (++steps > last) throw new Error("killed");
      return await (storage[name] as (...all: never[]) => Promise<unknown>)(...args);
    }) as never;
  const stopping: Storage = {
    ...storage,
    put: step("put"),
    create: step("create"),
    copy: step("copy"),
    remove: step("remove"),
  };
  return {storage: stopping, config, steps: () => steps};
}

const whole = () => stoppingAfter(Number.POSITIVE_INFINITY);
const page = (n: number, status: "ok" | "cell-failed" = "ok") =>
  samplePage({at: firstRun + 60_000 * n, facts: {status}, stableNames: ["C1.last_5minutes"]});

/** All that a reader can come to is whole and there; names that stay show no failure. */
async function checkSite(): Promise<void> {
  const {entries} = await readEntries(localStorage(place));
  for (const {page: key, assets} of entries) {
    for (const file of [key, ...assets]) expect(existsSync(join(place, file)), file).toBe(true);
  }
  for (const name of existsSync(place) ? readdirSync(place) : []) {
    if (!name.endsWith(".html") || name === "index.html") continue;
    const content = readFileSync(join(place, name), "utf8");
    expect(content.endsWith("</html>"), name).toBe(true);
    if (isPageName(name)) continue;
    const at = /<p>pnl (\d+) ok/.exec(content)?.[1];
    expect(at, name).toBeDefined();
    expect(existsSync(join(place, "assets")) && readdirSync(join(place, "assets"))).toContainEqual(
      samplePage({at: Number(at)}).thumbnail?.split("/")[1],
    );
  }
}

describe("a publisher that stops after any step", () => {
  it.each<[string, number, "ok" | "cell-failed"]>([
    ["of the first page", 0, "ok"],
    ["of a further page", 1, "ok"],
    ["of a failed run's page", 1, "cell-failed"],
  ])("%s leaves a true site, and the next one mends it", async (_name, n, status) => {
    let steps = Number.POSITIVE_INFINITY;
    for (let last = 0; last < steps; ++last) {
      rmSync(place, {recursive: true, force: true});
      if (n > 0) await publishPage(whole(), page(0));
      const site = stoppingAfter(last);
      const ended = await publishPage(site, page(n, status)).then(
        () => true,
        () => false,
      );
      await checkSite();
      if (ended) steps = site.steps();
      await publishPage(whole(), page(2));
      await checkSite();
      const newest = readFileSync(join(place, "pnl.20250902-000312.html"), "utf8");
      for (const name of ["pnl.latest", "pnl.latest-success", "C1.last_5minutes"]) {
        expect(readFileSync(join(place, `${name}.html`), "utf8")).toBe(newest);
      }
    }
    expect(steps).toBeGreaterThanOrEqual(status === "ok" ? 12 : 3);
  });

  it("of pruning or indexing leaves a true site", async () => {
    for (let last = 0; last < 6; ++last) {
      rmSync(place, {recursive: true, force: true});
      for (const n of [0, 1, 2]) await publishPage(whole(), page(n));
      const site = stoppingAfter(last);
      const far = firstRun + 1e12;
      await pruneSite(site, {keep: 1}, far).catch(() => {});
      await buildSite(site).catch(() => {});
      await checkSite();
      await pruneSite(whole(), {keep: 1}, far);
      await checkSite();
    }
  });
});
