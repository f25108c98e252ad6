import type {WriteFile} from "../../whole-file.js";
import {readableTime} from "../result-folder.js";

/** `log.{time}.txt` beside the result folders: the start of each run, its attempts, their ends. */
export interface RunnerLog {
  /** @throws PublishError `write-failed`; the file then has all lines but this one */
  add(line: string): Promise<void>;
}

/** One file for all runs of a batch; lines that come at once are written one after the other. */
export function createRunnerLog(
  path: string,
  {now, writeFile}: {now: () => number; writeFile: WriteFile},
): RunnerLog {
  const lines: string[] = [];
  let last: Promise<unknown> = Promise.resolve();
  return {
    add: (line) => {
      lines.push(`${readableTime(now())} ${line}\n`);
      const text = lines.join("");
      const written = last.then(() => writeFile(path, text));
      last = written.catch(() => {}); // told to whom it concerns
      return written;
    },
  };
}
