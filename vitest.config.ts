import {defineConfig} from "vitest/config";
import {LongestFirst} from "./test/longest-first.js";

/** Tests that put another module in a module's place: each of these files loads its own. */
const replacing = ["test/runlog/whole-file.test.ts"];

// biome-ignore lint/style/noDefaultExport: vitest reads its configuration from the default export
export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 3, // on two cores: three fifths of a worker's time are waits for other processes
    globalSetup: "test/scratch.ts",
    sequence: {sequencer: LongestFirst},
    projects: [
      {
        extends: true,
        test: {
          name: "shared",
          include: ["test/**/*.test.ts"],
          exclude: replacing,
          isolate: false, // loading every module anew for each file took a quarter of the time
        },
      },
      {extends: true, test: {name: "replacing", include: replacing}},
    ],
  },
});
