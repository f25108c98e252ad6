import {mkdirSync, readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";

const RUNS = 10_000;

/** The index of a site after one more run: what was read before is kept in one file. */
export const row = {
  name: "build the index of a site of 10,000 runs, one of them new",
  target: "<= 1 s",
  limitMs: 1_000,
  repeat: 3,
  async prepare(scratch) {
    const {withSite} = await import("../../dist/publish/site/site.js");
    const {buildSite} = await import("../../dist/publish/site/index/build-site.js");
    const place = join(scratch, "site");
    const entries = join(place, ".reckon", "runs");
    mkdirSync(entries, {recursive: true});
    const save = (i) => writeFileSync(join(entries, `${name(i)}.json`), JSON.stringify(entryOf(i)));
    for (let i = 0; i < RUNS - 1; i += 1) {
      save(i);
    }
    const build = () => withSite({place}, buildSite);
    const start = performance.now();
    await build();
    const firstMs = performance.now() - start;
    save(RUNS - 1);
    return {build, firstMs, index: join(place, "index.html")};
  },
  run: ({build}) => build(),
  check({entries, unreadable}, {index}) {
    const html = readFileSync(index, "utf8");
    const isWhole = [name(0), name(RUNS - 1)].every((page) => html.includes(`${page}.html`));
    const isRight = entries.length === RUNS && unreadable.length === 0 && isWhole;
    return isRight ? undefined : `${entries.length} runs, ${unreadable.length} not readable`;
  },
  note: (_ms, {firstMs}) => `from nothing ${firstMs.toFixed(0)} ms`,
};

const startOf = (i) => new Date(Date.UTC(2025, 0, 1) + i * 300_000);

function name(i) {
  const stamp = startOf(i).toISOString().replaceAll(/[-:]/g, "").replace("T", "-").slice(0, 15);
  return `pnl-observer.${stamp}`;
}

function entryOf(i) {
  const isFailed = i % 50 === 0;
  return {
    schema: 1,
    page: `${name(i)}.html`,
    notebook: "pnl-observer",
    title: "PnL observer",
    tag: null,
    status: isFailed ? "cell-failed" : "ok",
    failure: isFailed ? "cell 3 failed: RangeError" : null,
    runId: String(i).padStart(16, "0"),
    startedAt: startOf(i).toISOString(),
    durationMs: 3_000 + (i % 500),
    publishedAt: startOf(i).toISOString(),
    parameters: [
      ["model", i % 2 === 0 ? "C1" : "mock1"],
      ["runDir", `/desk/runs/${name(i)}`],
    ],
    thumbnail: null,
    assets: [],
    bytes: 40_000,
  };
}
