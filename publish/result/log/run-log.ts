import {foldLine} from "../../notebook/output/stream-text.js";
import type {RunEvent, RunOutcome} from "../../notebook/run-outcome.js";
import {readableDuration, readableTime} from "../result-folder.js";
import type {LiveFile} from "./live-file.js";

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
  const streams = new OpenStreams();
  const addAll = (added: readonly string[]) => {
    if (added.length === 0) return;
    const time = readableTime(now());
    const stamped = added.map((line) => `${time} ${line}`);
    for (const line of stamped) lines.push(line); // a spread of very many overflows the stack
    file?.add(`${stamped.join("\n")}\n`);
  };
  return {
    add: (line) => addAll([...streams.end(), line]),
    addEvent: (event) => addAll(linesOf(event, streams)),
    text: () => `${lines.join("\n")}\n`,
    attach: (next) => {
      file = next;
      if (lines.length > 0) file?.add(`${lines.join("\n")}\n`);
    },
  };
}

function linesOf(event: RunEvent, streams: OpenStreams): string[] {
  switch (event.type) {
    case "run-started":
      return [`started: ${event.codeCells} of ${event.cells} cells to run`];
    case "kernel-started":
      return [`kernel ${event.pid} started in ${readableDuration(event.durationMs)}`];
    case "kernel-start-failed":
      return [`kernel start ${event.attempt} failed: ${event.message}`];
    case "cell-started":
      return [startLine(event)];
    case "stream":
      return streams.add(event.name, event);
    case "kernel-output":
      return streams.add(`kernel ${event.name}`, event);
    case "cell-ended":
      return [...streams.end(), ...endLines(event.cell)];
    case "save-failed":
      return [...streams.end(), `not saved for now: ${event.message}`];
    case "late-error":
      return [`late error: ${event.error.ename}: ${event.error.evalue}`];
  }
}

/** A title that is the name itself is not said twice. */
function startLine({name, title}: Extract<RunEvent, {type: "cell-started"}>): string {
  return title === name ? `${name} started` : `${name} started: ${title}`;
}

function endLines({name, status, durationMs, error}: RunOutcome["cells"][number]): string[] {
  const time = durationMs === null ? "" : ` after ${readableDuration(durationMs)}`;
  const end = `${name} ended: ${status}${time}`;
  return error === null ? [end] : [end, ...error.traceback];
}

/** A line is logged when it is over, as it then is: a progress bar is one line. */
class OpenStreams {
  readonly #open = new Map<string, {readonly name: string; readonly line: string}>();

  add(name: string, {index = null, text}: {index?: number | null; text: string}): string[] {
    const key = `${index} ${name}`;
    const {line: begun = ""} = this.#open.get(key) ?? {};
    const lines = `${begun}${text}`.split("\n");
    this.#open.set(key, {name, line: lines.pop() ?? ""});
    return lines.map((line) => `${name}| ${foldLine(line)}`);
  }

  /** What is left of lines that nothing ended. */
  end(): string[] {
    const left = [...this.#open.values()].filter(({line}) => line !== "");
    this.#open.clear();
    return left.map(({name, line}) => `${name}| ${foldLine(line)}`);
  }
}
