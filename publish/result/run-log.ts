import type {RunEvent, RunOutcome} from "../notebook/run-outcome.js";
import {readableDuration, readableTime} from "./result-folder.js";

/** The readable log of one run: what happened when, and what the cells printed. */
export interface RunLog {
  add(line: string): void;
  addEvent(event: RunEvent): void;
  text(): string;
}

/** `now` gives the time that stands before each line. */
export function createRunLog(now: () => number): RunLog {
  const lines: string[] = [];
  const addAll = (added: readonly string[]) => {
    const time = readableTime(now());
    for (const line of added) lines.push(`${time} ${line}`);
  };
  return {
    add: (line) => addAll([line]),
    addEvent: (event) => addAll(linesOf(event)),
    text: () => `${lines.join("\n")}\n`,
  };
}

function linesOf(event: RunEvent): string[] {
  switch (event.type) {
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
