import type {KernelSource} from "../kernel/kernel.js";
import type {TagChoice} from "./file/cell-tags.js";
import type {Notebook} from "./file/nbformat.js";
import type {ParameterLayer} from "./parameters/parameter-layer.js";

/** How a run ended. Everything but `ok` is a run that must not be marked as a success. */
export type RunStatus =
  | "ok"
  | "cell-failed"
  | "cell-timeout"
  | "notebook-timeout"
  | "kernel-died"
  | "output-incomplete"
  | "kernel-not-started"
  | "interrupted";

/** What a command that ran a notebook exits with. Misuse is 2, rendering 8, uploading 9. */
export const exitCodeOf: Readonly<Record<RunStatus, number>> = {
  ok: 0,
  "cell-failed": 1,
  "kernel-not-started": 3,
  "cell-timeout": 4,
  "notebook-timeout": 5,
  "kernel-died": 6,
  "output-incomplete": 7,
  interrupted: 130,
};

/** How a cell ended, or why it did not run. */
export type CellStatus =
  | "ok"
  | "failed"
  | "timeout"
  | "died" // the kernel ended while this cell ran
  | "incomplete" // the cell ran, but its output did not all arrive
  | "interrupted"
  | "not-run"
  | "skipped" // by its tags
  | "not-code";

/** Deadlines in milliseconds; a deadline that is left out never comes, save for the start. */
export interface RunTimeouts {
  /** For each cell. */
  readonly cellMs?: number;
  /** For all cells together, counted from the first one. */
  readonly notebookMs?: number;
  /** For one attempt to start a kernel; defaults to 30 s. */
  readonly startMs?: number;
}

/** What to run, with which values, within which deadlines. */
export interface RunOptions extends TagChoice {
  readonly notebookPath: string;
  /** Values from files, the environment and so on, the weakest first; those below go over them. */
  readonly parameterLayers?: readonly ParameterLayer[];
  /** JSON values by parameter name; each must be of the parameter's own type. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Values as text, from a command line: `5` is a number where a number is wanted. */
  readonly parameterTexts?: Readonly<Record<string, string>>;
  readonly timeouts?: RunTimeouts;
  /** Added to this process's environment, which the cells see. */
  readonly env?: Readonly<Record<string, string>>;
  /**
   * Folder the kernel runs in: imports resolve from it. Defaults to the nearest folder upward from
   * the notebook that has `node_modules`, else to this package's root.
   */
  readonly cwd?: string;
  /**
   * Where the notebook is kept while it runs, whole at every moment: saved before the first cell,
   * after each one, every 30 s inside one, and at the end.
   */
  readonly savePath?: string;
  /** How often it is saved inside a cell, in milliseconds; defaults to 30 s. */
  readonly saveEveryMs?: number;
  readonly signal?: AbortSignal;
  /** Where the kernel comes from; by default the run starts one of its own. */
  readonly kernels?: KernelSource;
  readonly onEvent?: (event: RunEvent) => void;
  /** Run the cells after a failing one too; the outcome is still `cell-failed`. */
  readonly keepGoing?: boolean;
}

/**
 * What happens while a notebook runs, in order. `index` is that of `CellResult`, `name` and `title`
 * what a person reads.
 */
export type RunEvent =
  | {
      /** Everything was checked; what comes next is the kernel. */
      readonly type: "run-started";
      readonly parameters: readonly UsedParameter[];
      /** Cells that are to run: those of code, without the ones that their tags pass over. */
      readonly codeCells: number;
      /** The number of the last cell: `cell 3` is one of so many. */
      readonly cells: number;
    }
  | {readonly type: "kernel-started"; readonly pid: number; readonly durationMs: number}
  | {readonly type: "kernel-start-failed"; readonly attempt: number; readonly message: string}
  | {
      readonly type: "cell-started";
      readonly index: number;
      readonly name: string;
      readonly title: string;
    }
  | {readonly type: "stream"; readonly index: number; readonly name: string; readonly text: string}
  /** The kernel's process wrote it while no cell ran, as a process does that a cell left behind. */
  | {readonly type: "kernel-output"; readonly name: string; readonly text: string}
  | {readonly type: "cell-ended"; readonly cell: CellResult; readonly notebook: Notebook}
  | {readonly type: "late-error"; readonly error: CellError}
  /** The file on the disk is an older one until a save succeeds; the run goes on. */
  | {readonly type: "save-failed"; readonly message: string};

/** Why a cell failed. Lines and columns count from 1 in the cell's own source. */
export interface CellError {
  readonly ename: string;
  readonly evalue: string;
  /** Readable lines: the message, the source with a caret, the user's own frames. */
  readonly traceback: readonly string[];
  /** Null where the place is not known: no line is better than a wrong one. */
  readonly line: number | null;
  readonly column: number | null;
  /** A rejection or timer that failed on its own, perhaps after its cell had ended. */
  readonly late: boolean;
}

/** What became of one cell. */
export interface CellResult {
  /** Position in `RunOutcome.notebook.cells`, from 0, the cell that a run injects among them. */
  readonly index: number;
  readonly id: string;
  /** `cell N` as the author counts all cells, from 1; the one that a run injects has no number. */
  readonly name: string;
  /** The nearest heading above the cell, else its name. */
  readonly title: string;
  readonly status: CellStatus;
  /** Epoch milliseconds; null when the cell did not run. */
  readonly startedAt: number | null;
  readonly durationMs: number | null;
  readonly error: CellError | null;
}

/** The first thing that went wrong, in the words of a banner. */
export interface RunFailure {
  /** Null when no cell is to blame, as when the kernel did not start. */
  readonly cellIndex: number | null;
  /** One sentence: the cell's place and what happened. */
  readonly message: string;
  readonly error: CellError | null;
}

/** A parameter of the notebook with the value this run used. */
export interface UsedParameter {
  readonly name: string;
  /** As declared, or inferred from the default: `number`, `"a" | "b"`, `string[]`. */
  readonly type: string;
  /** The doc comment, or an empty string. */
  readonly comment: string;
  /** A JSON value, or undefined where the default is an expression that was not evaluated. */
  readonly value: unknown;
  /** Whether the caller gave it; otherwise it is the default. */
  readonly given: boolean;
  /** Where the value comes from: `default`, `command line`, `params.yaml`. */
  readonly origin: string;
  /** Its value is nowhere but in the kernel. */
  readonly isSecret?: boolean | undefined;
}

/** The kernel that ran the cells. */
export interface KernelReport {
  /** Of tslab, TypeScript and Node, as the kernel itself says. */
  readonly versions: Readonly<Record<string, string>>;
  readonly pid: number;
  readonly startMs: number;
  /** Largest resident set of the kernel process; null when it could not say. */
  readonly peakRssBytes: number | null;
  /** How the process ended: `exit 0`, `exit 3`, `SIGKILL`. */
  readonly end: string;
  /** The last of what the process wrote outside the protocol: child processes, heap aborts. */
  readonly rawTail: string;
}

/**
 * A run that took place. A cell that fails, a kernel that dies or a deadline are outcomes, never
 * exceptions, and `notebook` holds everything that did run.
 */
export interface RunOutcome {
  readonly status: RunStatus;
  readonly exitCode: number;
  /** A copy of the notebook with outputs and, where values were given, the injected cell. */
  readonly notebook: Notebook;
  /** One for each cell of `notebook`, in order. */
  readonly cells: readonly CellResult[];
  readonly failure: RunFailure | null;
  readonly parameters: readonly UsedParameter[];
  /** What the notebook handed back with `record(name, value)`. */
  readonly results: Readonly<Record<string, unknown>>;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly durationMs: number;
  /** Null when no kernel started. */
  readonly kernel: KernelReport | null;
}
