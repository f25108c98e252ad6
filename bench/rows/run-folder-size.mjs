import {readdirSync, statSync} from "node:fs";
import {join} from "node:path";
import {simulatedDay} from "../simulated-day.mjs";

const LIMIT_MB = 30;

/** What a day leaves on disk: the sum of the files, which must stay below the limit. */
export const row = {
  name: "run folder of 24 h x 16 symbols (size)",
  target: `<= ${LIMIT_MB} MB on disk`,
  repeat: 1,
  async prepare(scratch) {
    const {run} = await simulatedDay(scratch);
    return {run: () => run("paper_trading", join(scratch, "paper"))};
  },
  run: ({run}) => run(),
  check({dir}) {
    const names = readdirSync(dir, {recursive: true});
    const files = names.map((name) => statSync(join(dir, name))).filter((stat) => stat.isFile());
    const bytes = files.reduce((sum, stat) => sum + stat.size, 0);
    const blocks = files.reduce((sum, stat) => sum + stat.blocks * 512, 0);
    const [size, onDisk] = [bytes, blocks].map((count) => `${(count / 1e6).toFixed(1)} MB`);
    process.stderr.write(`  ${files.length} files, ${size}, ${onDisk} in blocks\n`);
    return blocks / 1e6 <= LIMIT_MB ? undefined : onDisk;
  },
};
