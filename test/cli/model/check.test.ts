import {readdirSync} from "node:fs";
import {describe, expect, it, vi} from "vitest";
import type {CheckResult} from "../../../src/flows/model-check/checks.js";
import {deskFolder, modelModule} from "../../config/desk-folder.js";
import {scratchFolder} from "../../scratch.js";
import {reckon} from "../command-line.js";

/** It opens a database, which takes a busy machine its time. */
const SLOW_MS = 240_000;
const HOUR = ["--hours", "1"];
/** Where no desk has its runs. */
const NOWHERE = ["--root-dir", "no-runs", "--dst-root-dir", "no-reconciliations"];

describe("reckon model check", () => {
  it(
    "prints an aligned checklist of C1, with what to do next",
    async () => {
      const {exitCode, stdout, stderr} = await reckon("model", "check", "C1", ...HOUR, ...NOWHERE);
      expect(stderr).toBe("");
      const lines = stdout.split("\n");
      expect(lines[0]).toBe(
        "C1 on simulated market 5m, 16 instruments, 2025-09-01 23:00 to 2025-09-02 00:00 UTC",
      );
      const marks = lines
        .map((line) => /^(pass|FAIL| {2}- ) {2}(\S+) +/.exec(line))
        .filter(Boolean);
      expect(marks.map((mark) => `${mark?.[1]} ${mark?.[2]}`)).toEqual(
        [
          ...["config", "fit-predict", "fit-vs-predict", "fit-invariance", "non-time-vs-time"],
          ...[
            "look-ahead",
            "look-back",
            "determinism",
            "trades",
            "paper-replay",
            "research-vs-portfolio",
          ],
          ...["database-portfolio", "order-processor"],
        ]
          .map((id) => `pass ${id}`)
          .concat(
            ["  -  tiled-vs-whole"],
            ["paper-run", "reconciliation", "observer-page", "scheduled-jobs"].map(
              (id) => `FAIL ${id}`,
            ),
          ),
      );
      expect(new Set(marks.map((mark) => mark?.[0].length))).toEqual(new Set([29]));
      expect(stdout).toContain("left out: there are no tiles yet");
      expect(stdout).toMatch(
        /order-processor +12 lists accepted, 11 filled, 1 still open at the end/,
      );
      expect(stdout).toMatch(/\n {29}next: `reckon run --model C1 --run-mode paper_trading/);
      expect(lines.at(-2)).toBe("13 passed, 4 failed, 1 left out");
      expect(exitCode).toBe(1);
    },
    SLOW_MS,
  );

  it("prints it as JSON, a model that cannot be built included", async () => {
    const desk = deskFolder({
      "reckon.config.yaml": "models: [d.js]\n",
      "package.json": '{"type": "module"}',
      "d.js": modelModule("D1", "dag() { return null.nodes; },"),
    });
    vi.stubEnv("RECKON_CONFIG_DIR", desk);
    const {exitCode, stdout} = await reckon("model", "check", "D1", ...HOUR, ...NOWHERE, "--json");
    vi.unstubAllEnvs();
    const told = JSON.parse(stdout) as {model: string; results: CheckResult[]};
    expect(told).toMatchObject({model: "D1", passed: 0, failed: 5, leftOut: 13});
    expect(told.results[0]).toEqual({
      id: "config",
      title: "its config is complete, and the system is built from it",
      status: "fail",
      detail: expect.stringMatching(
        /^model D1: its dag: Cannot read properties of null.* \(d\.js line \d+\)$/,
      ),
      next: expect.stringContaining("reckon config show --model D1"),
    });
    expect(exitCode).toBe(1);
  });

  const refused: [what: string, args: string[], message: RegExp][] = [
    ["an unknown model", ["C2"], /unknown model "C2"; known: mock1, C1; did you mean "C1"\?/],
    ["no time", ["C1", "--hours", "0"], /--hours: expected a number above 0, found 0/],
    ["a wrong config", ["C1", "--set-config-value", "a.b=1"], /unknown config key "a"/],
    ["no market", ["C1", "--data-dir", "no-store"], /no-store/],
  ];
  it.each(refused)("refuses %s, and leaves no folder behind", async (_what, args, message) => {
    const scratch = scratchFolder("model-check");
    vi.stubEnv("TMPDIR", scratch);
    const {exitCode, stdout, stderr} = await reckon("model", "check", ...args);
    vi.unstubAllEnvs();
    expect(readdirSync(scratch)).toEqual([]);
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect([exitCode, stdout]).toEqual([2, ""]);
  });
});
