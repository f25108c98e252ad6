import type {KernelOutput, StreamOutput} from "./kernel-output.js";

/** Everything a runner needs of a kernel; how one is started and spoken to is hidden behind it. */
export interface Kernel {
  readonly pid: number;
  /** How long it took to start, in milliseconds. */
  readonly startMs: number;
  /** By name: tslab, typescript, node. */
  readonly versions: Readonly<Record<string, string>>;
  /** Resolves when the process is gone, with how: `exit 3`, `SIGKILL`. */
  readonly ended: Promise<string>;
  /** Runs one cell and waits until all its output is there. One at a time. */
  execute(code: string, options: ExecuteOptions): Promise<ExecuteReply>;
  /** What the kernel says of itself, after all it was already doing; null when it says nothing. */
  facts(timeoutMs: number): Promise<KernelFacts | null>;
  /**
   * Calls for what the process writes outside the protocol while no cell runs, from its start on,
   * in place of an earlier listener; while one runs it is among the cell's outputs.
   */
  hear(listener: (output: StreamOutput) => void): void;
  /** The last of what the process wrote outside the protocol. */
  rawTail(): string;
  /** Ends it, in order if it will, by force if not, with all that it started. */
  shutdown(): Promise<void>;
}

export interface ExecuteOptions {
  /** Called for each output, also for one that comes after the cell has ended. */
  readonly onOutput: (output: KernelOutput) => void;
  /** Then the cell is interrupted, and the kernel killed if that does not help. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
  /** What frames and messages call the cell; `cell [N]` by its execution count without it. */
  readonly name?: string | undefined;
}

export interface ExecuteReply {
  readonly status: "ok" | "error" | "timeout" | "died" | "interrupted";
  readonly executionCount: number | null;
  /** False when the kernel did not say that it had sent everything. */
  readonly outputComplete: boolean;
  /** As the reply names it; its place and its lines came as an output. */
  readonly error: ReplyError | null;
}

export interface ReplyError {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

export interface KernelFacts {
  /** By name: tslab, typescript, node. */
  readonly versions: Readonly<Record<string, string>>;
  readonly peakRssBytes: number | null;
  /** Timers that are still to fire. */
  readonly waits: number;
}

export interface KernelOptions {
  /** Folder the kernel runs in; imports resolve from it. */
  readonly cwd: string;
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Deadline of one attempt; defaults to 30 s. */
  readonly startMs?: number | undefined;
  /** Defaults to 3; the last one speaks over TCP in case socket files are the trouble. */
  readonly attempts?: number;
  readonly signal?: AbortSignal | undefined;
  readonly onStartFailed?: (attempt: number, message: string) => void;
}

/** What will run in a kernel that has no user yet. */
export interface Foreseen {
  /** Packages to load. */
  readonly modules: readonly string[];
  /** Cells to translate, in the order in which they will run, each by what messages call it. */
  readonly cells: readonly {readonly name: string; readonly source: string}[];
}

/** Where kernels come from: hands one to `use` and ends it on every path. */
export type KernelSource = <T>(
  options: KernelOptions,
  use: (kernel: Kernel) => Promise<T>,
) => Promise<T>;
