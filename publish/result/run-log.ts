import type {RunEvent, RunOutcome} from "../notebook/run-outcome.js";
import type {LiveFile} from "./live-file.js";
import {readableDuration, readableTime} from "./result-folder.js";

/** The readable log of one run: what happened when, and what the cells printed. */
export interface RunLog {
  add(line: string): void;
  addEvent(event: RunEvent): void;
  text(): string;
  /** From now on each line also goes to this file, which begins with all lines so far. */
  attach(file: LiveFile | null): void;
}

/** `now` gives the time that stands before each line. */
export function createRunLog(now: () => number): RunLog {
  const lines: string[] = [];
  let file: LiveFile | null = null;
  const addAll = (added: readonly string[]) => {
    const time = readableTime(now());
    const stamped = added.map((line) => `${time} ${line}`);
    lines.push(...stamped);
    file?.add(`${stamped.join("\n")}\n`);
  };
  return {
    add: (line) => addAll([line]),
    addEvent: (event) => addAll(linesOf(event)),
    text: () => `${lines.join("\n")}\n`,
    attach: (next) => {
      file = next;
      if (lines.length > 0) file?.add(`${lines.join("\n")}\n`);
    },
  };
}

function linesOf(event: RunEvent): string[] {
  switch (event.type) {
    case "run-started":
      return [`started: ${event.codeCells} code cells`];
    case "kernel-started":
      return [`kernel ${event.pid} started in ${readableDuration(event.durationMs)}`];
    case "kernel-start-failed":
      return [`kernel start ${event.attempt} failed: ${event.message}`];
    case "cell-started":
      return [`cell ${event.index + 1} started: ${event.title}`];
    case "stream":
      return event.text
        .replace(/\n$/, "")
        .split("\n")
        .map((line) => `${event.name}| ${line}`);
    case "cell-ended":
      return endLines(event.cell);
    case "late-error":
      return [`late error: ${event.error.ename}: ${event.error.evalue}`];
  }
}

function endLines({index, status, durationMs, error}: RunOutcome["cells"][number]): string[] {
  const time = durationMs === null ? "" : ` after ${readableDuration(durationMs)}`;
  const end = `cell ${index + 1} ended: ${status}${time}`;
  return error === null ? [end] : [end, ...error.traceback];
}
