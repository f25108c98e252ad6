import type {WriteStream} from "node:tty";
import type {BatchRun} from "../../../publish/batch/batch-request.js";
import {ProgressFold} from "../../../publish/notebook/output/progress-fold.js";
import type {RunEvent} from "../../../publish/notebook/run-outcome.js";
import {ProgressLine} from "../console/progress-line.js";

/** What is told of runs while they go on. */
export interface RunReporter {
  onEvent(index: number, event: RunEvent): void;
  onRunEnded(run: BatchRun): void;
  end(): void;
}

interface BarOptions {
  readonly title: string;
  /** Runs that are to be made. */
  readonly runs: number;
  /** Of several that go on at once only their number is told. */
  readonly threads: number;
  readonly out: Pick<WriteStream, "write" | "isTTY">;
}

/** A progress bar that names the cell, or for runs side by side how many are done. */
export function barReporter({title, runs, threads, out}: BarOptions): RunReporter {
  const line = new ProgressLine(out);
  let [codeCells, cells] = [1, 1];
  let cellsDone = 0;
  let runsDone = 0;
  const show = (index: number, note: string) => {
    const name = runs === 1 ? title : `${title} ${index}`;
    line.show({title: name, share: Math.min(1, cellsDone / Math.max(1, codeCells)), note});
  };
  const showCount = () => {
    const note = `${runsDone} of ${runs} runs`;
    line.show({title, share: runs === 0 ? 1 : runsDone / runs, note});
  };
  const onCell = (index: number, event: RunEvent) => {
    switch (event.type) {
      case "run-started":
        ({codeCells, cells} = event);
        cellsDone = 0;
        return show(index, "starting the kernel");
      case "cell-started":
        return show(index, `${numbered(event.name, cells)}${titleAfter(event)}`);
      case "cell-ended":
        ++cellsDone;
        return cellsDone < codeCells ? undefined : show(index, "writing the page");
      case "kernel-start-failed":
        return line.say(`kernel start ${event.attempt} failed: ${event.message}`);
      case "save-failed":
        return line.say(`not saved for now: ${event.message}`);
      default:
    }
  };
  return {
    onEvent: threads > 1 ? showCount : onCell,
    onRunEnded: () => {
      ++runsDone;
      if (threads > 1) showCount();
    },
    end: () => line.end(),
  };
}

/**
 * What the cells print, as they print it, each cell under its title. A progress bar moves on a
 * terminal; elsewhere it is one line.
 */
export function followReporter(
  out: Pick<WriteStream, "write" | "isTTY">,
  runs: number,
): RunReporter {
  let lastCell = "";
  const names = new Map<number, string>();
  let fold = new ProgressFold(Number.POSITIVE_INFINITY);
  const shown = (text: string) => (out.isTTY === true ? text : fold.add(text, 0));
  return {
    onEvent: (index, event) => {
      if (event.type !== "stream" && event.type !== "cell-started") return;
      if (event.type === "cell-started") names.set(index, event.name);
      const cell = `${index} ${event.index}`;
      const run = runs === 1 ? "" : `run ${index}, `;
      if (cell !== lastCell) {
        out.write(fold.flush());
        fold = new ProgressFold(Number.POSITIVE_INFINITY);
        const name = names.get(index) ?? "";
        const title = event.type === "cell-started" ? titleAfter(event) : "";
        out.write(`${lastCell === "" ? "" : "\n"}── ${run}${name}${title}\n`);
      }
      lastCell = cell;
      if (event.type === "stream") out.write(shown(event.text));
    },
    onRunEnded: () => {},
    end: () => out.write(`${fold.flush()}\n`),
  };
}

/** `cell 3 of 7`; the cell that a run injects has no number. */
function numbered(name: string, cells: number): string {
  return /\d$/.test(name) ? `${name} of ${cells}` : name;
}

/** `: Orders`; nothing for a cell that is called by its name. */
function titleAfter({name, title}: Extract<RunEvent, {type: "cell-started"}>): string {
  return title === name ? "" : `: ${title}`;
}
