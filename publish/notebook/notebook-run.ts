import type {ExecuteReply, Kernel, KernelFacts} from "../kernel/kernel.js";
import type {KernelOutput} from "../kernel/kernel-output.js";
import {monotonicMs, nowMs, sleep} from "../timers.js";
import {
  deathOf,
  errorOfReply,
  formatFailure,
  isWorse,
  makeError,
  runStatusOf,
  toCellError,
} from "./cell-failure.js";
import {isPassedOver, timeoutOf} from "./file/cell-tags.js";
import {cellNames, cellTitles} from "./file/cell-title.js";
import {type Cell, type CodeCell, hasTag, type Notebook} from "./file/nbformat.js";
import {withRunMark} from "./file/run-mark.js";
import {OutputCollector} from "./output/cell-output.js";
import {StreamEvents} from "./output/stream-events.js";
import type {
  CellError,
  CellResult,
  CellStatus,
  RunEvent,
  RunFailure,
  RunOptions,
  RunStatus,
} from "./run-outcome.js";

type Mutable<T> = {-readonly [K in keyof T]: T[K]};
type OpenResult = Mutable<CellResult>;

/** How long timers and promises that the last cell left behind are waited for. */
const leftoversMs = 1000;
const factsMs = 1000;

/** One notebook being run in one kernel: what ran, what came out and what went wrong first. */
export class NotebookRun {
  readonly notebook: Notebook;
  readonly cells: readonly OpenResult[];
  readonly output = new OutputCollector();
  status: RunStatus = "ok";
  failure: RunFailure | null = null;
  readonly #options: RunOptions;
  readonly #streams = new StreamEvents((event) => this.emit(event));
  #endsAt = Infinity;
  #hasEnded = false;
  #hookError: {readonly thrown: unknown} | null = null;

  constructor(notebook: Notebook, options: RunOptions) {
    this.#options = options;
    this.notebook = {...notebook, cells: notebook.cells.map(freshCell)};
    const [names, titles] = [cellNames(notebook), cellTitles(notebook)];
    this.cells = this.notebook.cells.map((cell, index) => ({
      index,
      id: cell.id,
      name: names[index] ?? "",
      title: titles[index] ?? "",
      status: cell.cell_type === "code" ? "not-run" : "not-code",
      startedAt: null,
      durationMs: null,
      error: null,
    }));
  }

  /** Runs the cells in order until one fails, then asks the kernel about itself. */
  async run(kernel: Kernel, onCellEnded = () => {}): Promise<KernelFacts | null> {
    this.#endsAt = monotonicMs() + (this.#options.timeouts?.notebookMs ?? Infinity);
    for (const [index, cell] of this.notebook.cells.entries()) {
      if (this.#isOver()) {
        break;
      }
      if (cell.cell_type === "code") {
        await this.#runCell(kernel, cell, index);
        onCellEnded();
      }
    }
    const facts = await this.#settle(kernel);
    // Once more at the end: updates and late text change cells that were already read.
    this.#collectAll();
    this.rethrow();
    this.#hasEnded = true;
    return facts;
  }

  /** The notebook with all that has come out so far, also of the cell that runs. */
  snapshot(): Notebook {
    this.#collectAll();
    return withRunMark(this.notebook, this.#hasEnded ? this.status : "running");
  }

  /** For a run whose end no cell is to blame for. */
  fail(status: RunStatus, message: string): void {
    this.#note(status, {cellIndex: null, message, error: null});
  }

  /** Tells the listener; what it throws ends the run, but not before the kernel is gone. */
  emit(event: RunEvent): void {
    try {
      this.#options.onEvent?.(event);
    } catch (thrown) {
      this.#hookError ??= {thrown};
    }
  }

  rethrow(): void {
    if (this.#hookError !== null) {
      throw this.#hookError.thrown;
    }
  }

  #isOver(): boolean {
    const mayGoOn = this.status === "cell-failed" && this.#options.keepGoing === true;
    const isFine = this.status === "ok" || this.status === "output-incomplete";
    return this.#hookError !== null || !(isFine || mayGoOn);
  }

  async #runCell(kernel: Kernel, cell: CodeCell, index: number): Promise<void> {
    const result = this.cells[index] as OpenResult;
    if (isPassedOver(cell.metadata.tags ?? [], this.#options)) {
      result.status = "skipped";
      return;
    }
    result.startedAt = nowMs();
    const start = monotonicMs();
    const {name, title} = result;
    this.emit({type: "cell-started", index, title, name});
    const {limitMs, isNotebookLimit} = this.#limitOf(cell, start);
    const reply = await kernel.execute(cell.source, {
      name,
      onOutput: (output) => this.#take(result, output),
      timeoutMs: limitMs,
      signal: this.#options.signal,
    });
    result.durationMs = monotonicMs() - start;
    cell.execution_count = reply.executionCount;
    const limit = isNotebookLimit ? "notebook" : "cell";
    await this.#judge(result, reply, {kernel, cell, limit, limitMs});
    cell.outputs = this.output.outputsOf(index);
    this.#streams.flush();
    this.emit({type: "cell-ended", cell: result, notebook: this.notebook});
  }

  #limitOf(cell: Cell, start: number) {
    const cellMs = timeoutOf(cell) ?? this.#options.timeouts?.cellMs;
    const leftMs = Math.max(0, this.#endsAt - start);
    const isNotebookLimit = leftMs < (cellMs ?? Infinity);
    return {limitMs: isNotebookLimit ? leftMs : (cellMs ?? Infinity), isNotebookLimit};
  }

  async #judge(result: OpenResult, reply: ExecuteReply, at: JudgeContext): Promise<void> {
    switch (reply.status) {
      case "ok":
        return this.#judgeDone(result, reply, at.cell);
      case "error":
        return this.#judgeError(result, reply, at.cell);
      case "died": {
        const printed = this.output.textOf(result.index);
        const error = deathOf(await at.kernel.ended, at.kernel.rawTail(), printed);
        return this.#blame(result, error, {status: "died"});
      }
      case "interrupted":
        return this.#blame(result, makeError("Interrupted", "the run was stopped"), {
          status: "interrupted",
        });
      case "timeout": {
        const runStatus = at.limit === "notebook" ? "notebook-timeout" : "cell-timeout";
        const evalue = `the ${at.limit} did not end within ${formatMs(at, this.#options)}`;
        const error = atInterrupt(makeError("Timeout", evalue), result.error);
        return this.#blame(result, error, {status: "timeout", runStatus});
      }
    }
  }

  #judgeDone(result: OpenResult, reply: ExecuteReply, cell: CodeCell): void {
    if (hasTag(cell, "raises-exception") && result.error === null) {
      const evalue = 'the cell is tagged "raises-exception" but raised none';
      this.#blame(result, makeError("NothingRaised", evalue), {status: "failed"});
    } else if (!reply.outputComplete) {
      const evalue = "the kernel did not say that it had sent all output of this cell";
      this.#blame(result, makeError("OutputIncomplete", evalue), {status: "incomplete"});
    } else if (result.status !== "failed") {
      result.status = "ok";
    }
  }

  #judgeError(result: OpenResult, reply: ExecuteReply, cell: CodeCell): void {
    const isKnown = result.error !== null;
    const error = result.error ?? errorOfReply(reply);
    if (hasTag(cell, "raises-exception")) {
      result.status = "ok";
      result.error = error;
      return;
    }
    this.#blame(result, error, {status: "failed", isShown: isKnown});
  }

  /** Marks a cell and, unless something worse is known, the run. */
  #blame(result: OpenResult, error: CellError, blame: Blame): void {
    const {isShown = false, runStatus = runStatusOf[blame.status], status} = blame;
    result.status = status;
    result.error = error;
    if (!isShown) {
      this.output.replaceInterrupt(result.index, {kind: "error", ...error});
    }
    const message = formatFailure(result, error);
    this.#note(runStatus, {cellIndex: result.index, message, error});
  }

  #note(status: RunStatus, failure: RunFailure): void {
    if (isWorse(status, this.status)) {
      this.status = status;
      this.failure = failure;
    }
  }

  #take(result: OpenResult, output: KernelOutput): void {
    this.output.add(result.index, output);
    if (output.kind === "stream") {
      this.#streams.add(result.index, output);
    }
    if (output.kind === "error") {
      this.#takeError(result, toCellError(output));
    }
  }

  #takeError(result: OpenResult, error: CellError): void {
    result.error ??= error;
    const cell = this.notebook.cells[result.index];
    if (error.late && cell !== undefined && !hasTag(cell, "raises-exception")) {
      this.emit({type: "late-error", error});
      this.#blame(result, result.error, {status: "failed", isShown: true});
    }
  }

  /**
   * Waits for what the cells left behind, as far as it is timers, since it can still fail; a
   * round trip alone lets rejections of the last cell be heard.
   */
  async #settle(kernel: Kernel): Promise<KernelFacts | null> {
    const start = monotonicMs();
    let facts = await kernel.facts(factsMs);
    while (facts !== null && facts.waits > 0 && this.status === "ok") {
      if (monotonicMs() - start > leftoversMs) {
        break;
      }
      await sleep(10);
      facts = (await kernel.facts(factsMs)) ?? facts;
    }
    return facts;
  }

  #collectAll(): void {
    this.#streams.flush();
    for (const [index, cell] of this.notebook.cells.entries()) {
      if (cell.cell_type === "code") {
        cell.outputs = this.output.outputsOf(index);
      }
    }
  }
}

interface Blame {
  readonly status: CellStatus;
  /** What the run becomes, where the cell's status does not say it. */
  readonly runStatus?: RunStatus;
  /** Whether the error is among the cell's outputs already. */
  readonly isShown?: boolean;
}

interface JudgeContext {
  readonly kernel: Kernel;
  readonly cell: CodeCell;
  readonly limit: "cell" | "notebook";
  readonly limitMs: number;
}

function formatMs({limit, limitMs}: JudgeContext, {timeouts}: RunOptions): string {
  const ms = limit === "notebook" ? (timeouts?.notebookMs ?? limitMs) : limitMs;
  return ms < 1000 ? `${ms} ms` : `${ms / 1000} s`;
}

/** An interrupted cell says which of its statements ran. */
function atInterrupt(error: CellError, seen: CellError | null): CellError {
  if (seen?.ename !== "Interrupted") return error;
  const {line, column, traceback} = seen;
  return {...error, line, column, traceback: [...error.traceback, ...traceback.slice(1)]};
}

function freshCell(cell: Cell): Cell {
  return cell.cell_type === "code" ? {...cell, execution_count: null, outputs: []} : {...cell};
}
