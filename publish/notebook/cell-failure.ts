import type {ExecuteReply} from "../kernel/kernel.js";
import type {KernelOutput} from "../kernel/kernel-output.js";
import type {CellError, CellResult, CellStatus, RunStatus} from "./run-outcome.js";

/** What a failing cell makes of the whole run. */
export const runStatusOf: Readonly<Record<CellStatus, RunStatus>> = {
  ok: "ok",
  skipped: "ok",
  "not-run": "ok",
  "not-code": "ok",
  incomplete: "output-incomplete",
  failed: "cell-failed",
  timeout: "cell-timeout",
  died: "kernel-died",
  interrupted: "interrupted",
};

const weights: readonly RunStatus[] = ["ok", "output-incomplete", "cell-failed"];

/** Whether one end of a run says more than another: lost output < a failed cell < a dead kernel. */
export function isWorse(status: RunStatus, other: RunStatus): boolean {
  const weigh = (one: RunStatus) => {
    const weight = weights.indexOf(one);
    return weight < 0 ? weights.length : weight;
  };
  return weigh(status) > weigh(other);
}

/** An error of the runner's own, about a cell that has none. */
export function makeError(ename: string, evalue: string, details: readonly string[] = []) {
  const traceback = [`${ename}: ${evalue}`, ...details];
  return {ename, evalue, traceback, line: null, column: null, late: false} satisfies CellError;
}

/**
 * How a kernel ended while a cell ran, from its end and the last that its process wrote, which is
 * told with it unless it is in what the cell printed already.
 */
export function deathOf(how: string, rawTail: string, printed = ""): CellError {
  const tail = rawTail.trim();
  const isFull = /JavaScript heap out of memory/.test(tail);
  const evalue = isFull
    ? `the kernel ran out of memory (${how}) while this cell ran; ` +
      "NODE_OPTIONS=--max-old-space-size=MB sets how much it may hold"
    : `the kernel ended (${how}) while this cell ran`;
  const lines = tail.split("\n").filter((line) => !nativeFrame.test(line));
  const isTold = printed.includes(tail.slice(tail.lastIndexOf("\n") + 1));
  const details = isTold ? [] : ["the kernel wrote:", ...lines.slice(-40)];
  return makeError("KernelDied", evalue, details);
}

/** ` 5: 0xe26a51 v8::internal::V8::FatalProcessOutOfMemory(…) [node]`: of no use to a reader. */
const nativeFrame = /^\s*\d+: 0x[0-9a-f]+/;

export function toCellError(output: Extract<KernelOutput, {kind: "error"}>): CellError {
  const {column, ename, evalue, late, line, traceback} = output;
  return {ename, evalue, traceback, line, column, late};
}

/** The error of a cell whose kernel said no more than that it failed. */
export function errorOfReply({error}: ExecuteReply): CellError {
  return error === null
    ? makeError("CellFailed", "the kernel gave no reason; see what the cell printed")
    : {...error, line: null, column: null, late: false};
}

/** `cell 5 "Orders", line 3: RangeError: boom`. */
export function formatFailure({name, title}: CellResult, error: CellError | null): string {
  const place = title === name ? name : `${name} "${title}"`;
  if (error === null) {
    return `${place} failed`;
  }
  const line = error.line === null ? "" : `, line ${error.line}`;
  const late = error.late ? " (on its own, after it was started by the cell)" : "";
  return `${place}${line}: ${error.ename}: ${error.evalue}${late}`;
}
