import {join} from "node:path";

/** The whole demo after set-up, in one process with its kernels and browser beside it. */
export const row = {
  name: "the demo after set-up",
  target: "<= 60 s, 1 GB",
  limitMs: 60_000,
  limitMb: 1_024,
  repeat: 1,
  async prepare(scratch) {
    const {runDemo} = await import("../../dist/src/flows/demo/demo.js");
    return {demo: () => runDemo({dstDir: join(scratch, "demo")})};
  },
  run: ({demo}) => demo(),
  check: ({verdict}) => (verdict.status === "identical" ? undefined : verdict.sentence),
};
