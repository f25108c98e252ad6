import {join} from "node:path";
import {checkRun, manySymbols} from "../many-symbols.mjs";

const DAY = 288;
const GROWTH = 1.15;

/** Memory at the end of each day of a simulated week of 50 instruments (C1), a file per stream. */
export const row = {
  name: "memory over a simulated week of 50 symbols, file per stream",
  target: `<= 700 MB, day 7 <= ${GROWTH} x day 2`,
  limitMb: 700,
  repeat: 1,
  async prepare(scratch) {
    const days = [];
    let bar = 0;
    const onBar = () => {
      bar += 1;
      if (bar % DAY === 0) {
        days.push(process.memoryUsage.rss() / 2 ** 20);
      }
    };
    const market = await manySymbols({symbols: 50, days: 7});
    return {...market, days, onBar, dir: join(scratch, "run")};
  },
  run: ({run, onBar, dir}) => run({dir, files: "per-stream", options: {onBar}}),
  check: (result, prepared) =>
    checkRun(result, prepared) ??
    (prepared.days[6] <= GROWTH * prepared.days[1] ? undefined : daysText(prepared)),
  note: (_ms, prepared) => daysText(prepared),
};

function daysText({days}) {
  return `MB at the end of each day: ${days.map(Math.round).join(", ")}`;
}
