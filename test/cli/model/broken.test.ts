import {writeFileSync} from "node:fs";
import {join} from "node:path";
import {afterEach, expect, it, vi} from "vitest";
import {deskFolder} from "../../config/desk-folder.js";
import {reckon} from "../command-line.js";

afterEach(() => {
  vi.unstubAllEnvs();
});

it("a desk's model that does not load is told by commands that work with another one", async () => {
  const dir = deskFolder({"reckon.config.yaml": "models: [./broken.cjs]\n"});
  writeFileSync(join(dir, "broken.cjs"), "throw new Error('half written');\n");
  vi.stubEnv("RECKON_CONFIG_DIR", dir);
  const shown = await reckon("config", "show", "--model", "C1");
  expect(shown.exitCode).toBe(0);
  expect(shown.stderr).toMatch(
    /^warning: .*broken\.cjs.*half written.*; `reckon model list` lists all\n$/,
  );
  const config = await reckon("config", "show");
  expect([config.exitCode, config.stderr]).toEqual([0, shown.stderr]);
  const other = await reckon("notebook", "schema");
  expect([other.exitCode, other.stderr]).toEqual([0, ""]);
});
