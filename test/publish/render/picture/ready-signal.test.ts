import {readdirSync, readFileSync} from "node:fs";
import {fileURLToPath} from "node:url";
import {expect, it} from "vitest";

const folder = fileURLToPath(new URL("../../../../publish/render/picture/", import.meta.url));

it("painting waits for what is ready, never for a fixed time", () => {
  const files = readdirSync(folder);
  expect(files).toContain("figure-painter.ts");
  const waits = files.filter((name) =>
    /\b(sleep|setTimeout|setInterval|waitForTimeout)\b/.test(readFileSync(folder + name, "utf8")),
  );
  expect(waits).toEqual([]);
});
