import type {RunOptions, RunStatus} from "../../publish/notebook/run-outcome.js";

/** Something that goes wrong in a kernel, or could hold a run up. */
export interface KernelFault {
  readonly name: string;
  readonly cells: readonly string[];
  readonly status: RunStatus;
  /** After this it ends by itself or at its deadline, in milliseconds; 2 s more are allowed. */
  readonly limitMs: number;
  readonly options?: Partial<RunOptions>;
}

const cellMs = 400;
const cellLimit = {limitMs: cellMs, options: {timeouts: {cellMs}}, status: "cell-timeout"} as const;
const dies = {limitMs: 0, status: "kernel-died"} as const;
const ends = {limitMs: 0, status: "ok"} as const;

/** Each shall end in time, with the right status, and leave no process behind. */
export const kernelFaults: readonly KernelFault[] = [
  {name: "killed", cells: ['process.kill(process.pid, "SIGKILL");'], ...dies},
  {name: "terminated", cells: ['process.kill(process.pid, "SIGTERM");'], ...dies},
  {name: "aborted", cells: ["process.abort();"], ...dies},
  {name: "process.exit", cells: ["const a = 1;", "process.exit(3);"], ...dies},
  {name: "process.exit(0)", cells: ["process.exit(0);"], ...dies},
  {
    name: "out of memory",
    cells: ["const all: number[][] = [];\nwhile (true) all.push(new Array(1e6).fill(all.length));"],
    ...dies,
    limitMs: 10_000, // collecting garbage in vain, which takes what it takes
    options: {env: {NODE_OPTIONS: "--max-old-space-size=150"}},
  },
  {
    name: "killed while it prints",
    cells: [
      "for (let i = 0; i < 1e5; ++i) console.log(i);\nawait null;\nprocess.kill(process.pid, 9);",
    ],
    ...dies,
    limitMs: 1_000,
  },
  {name: "a loop", cells: ["while (true) {}"], ...cellLimit},
  {name: "a loop after an await", cells: ["await null;\nwhile (true) {}"], ...cellLimit},
  {name: "a promise for ever", cells: ["await new Promise(() => {});"], ...cellLimit},
  {
    name: "a loop that ignores signals",
    cells: ['process.on("SIGINT", () => {});\nprocess.on("SIGTERM", () => {});\nwhile (true) {}'],
    ...cellLimit,
  },
  {
    name: "a loop that prints",
    cells: ["let i = 0;\nwhile (true) console.log(i++);"],
    ...cellLimit,
  },
  {
    name: "an expression that backtracks for ever",
    cells: ['/^(a+)+$/.test("a".repeat(60) + "b");'],
    ...cellLimit,
  },
  {
    name: "a loop, at the notebook's deadline",
    cells: ["const a = 1;", "while (true) {}"],
    limitMs: cellMs,
    options: {timeouts: {notebookMs: cellMs}},
    status: "notebook-timeout",
  },
  {name: "an open timer", cells: ["setInterval(() => {}, 1e3);"], ...ends, limitMs: 1_000},
  {
    name: "an open server",
    cells: ['import * as net from "node:net";\nnet.createServer().listen(0, "127.0.0.1");'],
    ...ends,
  },
  {
    name: "a write with a callback",
    cells: ['await new Promise((done) => process.stdout.write("x", done));'],
    ...ends,
  },
  {
    name: "a child left behind",
    cells: ['import {spawn} from "node:child_process";\nspawn("sleep", ["600"]);'],
    ...ends,
  },
  {
    name: "a child left behind by a kernel that dies",
    cells: [
      'import {spawn} from "node:child_process";\nspawn("sleep", ["600"]);\nprocess.exit(1);',
    ],
    ...dies,
  },
  {name: "input that never comes", cells: ['require("fs").readFileSync(0);'], ...ends},
  {
    name: "a rejection that nobody awaits",
    cells: ['Promise.reject(new Error("late"));', "1;"],
    limitMs: 0,
    status: "cell-failed",
  },
  {
    name: "a timer that throws",
    cells: ['setTimeout(() => { throw new Error("late"); }, 50);'],
    limitMs: 1_000,
    status: "cell-failed",
  },
  {
    name: "idle that never comes",
    cells: [
      "const {stringify} = JSON;\n" +
        "(JSON as any).stringify = (value: any, ...rest: any[]) =>\n" +
        '  value?.execution_state === "idle" ? "{}" : (stringify as any)(value, ...rest);',
    ],
    limitMs: 2_000,
    status: "output-incomplete",
  },
];
