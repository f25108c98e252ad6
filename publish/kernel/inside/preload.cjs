"use strict";
/**
 * Loaded by `node -r` before tslab, whose kernel it mends without changing its files. Each block
 * names the defect of tslab 1.0.22 that it is for. Plain CommonJS on Node built-ins, because it
 * runs in the kernel's process, from the source tree as well as from an installed package.
 */
const {AsyncLocalStorage} = require("node:async_hooks");
const Module = require("node:module");
const {dirname} = require("node:path");
const vm = require("node:vm");
const {isMainThread, Worker} = require("node:worker_threads");
const {overheard, translateAhead} = require("./ahead.cjs");
const {describeFailure} = require("./cell-error.cjs");
const {keepCompiled, quickenCompiler} = require("./compiler.cjs");
const {
  mendConverter,
  watchNoPackages,
  withShorthands,
  withSteadyTimers,
} = require("./compiler-defects.cjs");
const {addText, queueSends, textOf} = require("./outbox.cjs");
const {tellSources} = require("./printed-stack.cjs");
const {withSourceMaps} = require("./source-places.cjs");
const {watchThrows} = require("./throw-places.cjs");
const {takeWishes} = require("./wishes.cjs");

/** The cell that the running code belongs to, also in what it leaves behind: timers, promises. */
const cells = new AsyncLocalStorage();
/** By request object: how to send an `error` message for it, and the error its reply repeats. */
const errorWriters = new WeakMap();
const failures = new WeakMap();
let lastCell = null;
const versions = {};
/** Whether a runner started this kernel; otherwise an editor did. */
const isRun = process.env.RECKON_PARENT_FD !== undefined;

// Defect: a kernel outlives the process that started it, for ever when a cell loops. The other end
// of this pipe closes however the parent ends; a thread sees it even while a cell holds the main
// one, and takes the kernel's whole process group with it.
function watchParent() {
  const fd = Number(process.env.RECKON_PARENT_FD ?? Number.NaN);
  delete process.env.RECKON_PARENT_FD;
  if (!Number.isInteger(fd)) {
    return;
  }
  const folder = dirname(process.argv.at(-1));
  const watch = `
    const end = () => {
      if (/reckon-kernel-/.test(${JSON.stringify(folder)})) {
        require("node:fs").rmSync(${JSON.stringify(folder)}, {recursive: true, force: true});
      }
      try { process.kill(-${process.pid}, "SIGKILL"); } catch {}
      process.kill(${process.pid}, "SIGKILL");
    };
    const {Socket} = require("node:net");
    new Socket({fd: ${fd}, readable: true}).on("error", end).on("close", end).resume();`;
  new Worker(watch, {eval: true, execArgv: []}).unref();
}

// Defect: every write is one message, the encoding and callback of a write are ignored, and text
// from a promise or timer of an earlier cell goes to the latest cell.
function createWriter(name) {
  return (chunk, encoding, callback) => {
    const done = typeof encoding === "function" ? encoding : callback;
    const format = typeof encoding === "function" ? undefined : encoding;
    addText(cells.getStore() ?? lastCell, name, textOf(name, chunk, format));
    if (typeof done === "function") {
      process.nextTick(done);
    }
    return true;
  };
}

// Defect: errors have no structure, no source line and no message of their own.
function reportFailure(cell, failure, late) {
  const {content, place} = describeFailure(failure, cell, late);
  failures.set(cell.request, content);
  cell.writeError(content, {reckon: {...place, late}});
}

function patchExecutor(executor) {
  const {createExecutor} = executor;
  executor.createExecutor = (rootDir, converters, output) => {
    mendConverter(converters.node);
    translateAhead(converters.node, cells);
    // tslab prints one error, or one line for each diagnostic, through this `error`.
    const collect = (...args) => {
      const [format, file, line, column, message] = args;
      const isDiagnostic = args.length === 5 && format === "%s%d:%d - %s";
      const diagnostic = isDiagnostic && {file: file.trim(), line, column, message};
      cells.getStore().problems.push(diagnostic ? {diagnostic} : {thrown: args[0]});
    };
    const inner = createExecutor(rootDir, converters, {log: output.log, error: collect});
    const execute = async (source) => {
      const cell = cells.getStore();
      const ok = await inner.execute(source).catch((thrown) => {
        cell.problems.push({thrown});
        return false;
      });
      if (cell.problems.length > 0) {
        reportFailure(cell, cell.problems, false);
      }
      // Defect: a cell with `@module` that does not compile counts as a success.
      return ok && cell.problems.length === 0;
    };
    return {...inner, execute};
  };
}

// Names each cell's code after the cell, so that a stack says which one and where.
const {runInThisContext} = vm;
vm.runInThisContext = (code, options) => {
  const cell = cells.getStore();
  const prefix = /^\((?:async )?function\(exports, require\) \{ /.exec(code)?.[0];
  if (cell === undefined || cell.started || prefix === undefined) {
    return runInThisContext(code, options);
  }
  cell.started = true;
  const {name: filename} = cell;
  return runInThisContext(code, {...options, filename, columnOffset: -prefix.length});
};

function patchHandler(handler) {
  const {handleExecute, handleExecuteImpl, handleKernel} = handler;

  handler.handleExecuteImpl = function (request, writeStream, writeDisplay) {
    const cell = {
      request,
      // A runner says what its reader calls the cell; in an editor that is the count beside it.
      name: request.reckon?.cell ?? `cell [${this.execCount + 1}]`,
      source: request.code,
      problems: [],
      started: false,
      writeStream,
      writeDisplay,
      writeError: errorWriters.get(request),
    };
    lastCell = cell;
    // Defect: displays of an earlier cell's promises go to the latest cell.
    const display = (data, update) => (cells.getStore() ?? cell).writeDisplay(data, update);
    return cells.run(cell, () => handleExecuteImpl.call(this, request, writeStream, display));
  };

  handler.handleExecute = async function (request, ...writers) {
    // Defects: "abort" for the protocol's "aborted"; `stop_on_error: false` is not honoured, and
    // requests within 200 ms of an error are dropped.
    const {execQueue} = this;
    const {reset} = Object.getPrototypeOf(execQueue);
    execQueue.reset = (ms) => reset.call(execQueue, request.stop_on_error === false ? null : ms);
    const reply = await handleExecute.call(this, request, ...writers);
    const status = reply.status === "abort" ? "aborted" : reply.status;
    return {...reply, ...(status === "error" ? failures.get(request) : {}), status};
  };

  handler.createWriteToIopub = createWriter;

  // Defect: the versions in this reply are constants of another year. The rest is what a runner
  // asks for at the end: how much memory was used, and whether a cell left a timer behind.
  handler.handleKernel = function () {
    const reply = handleKernel.call(this);
    reply.status = "ok";
    reply.implementation_version = versions.tslab ?? reply.implementation_version;
    reply.language_info.version = versions.typescript ?? reply.language_info.version;
    const waits = process.getActiveResourcesInfo().filter((name) => /^(Timeout|Immed)/.test(name));
    const peakRssBytes = process.resourceUsage().maxRSS * 1024;
    reply.reckon = {
      versions: {...versions, node: process.version},
      peakRssBytes,
      waits: waits.length,
    };
    return reply;
  };
}

function patchServer(server) {
  const {bindSocket, close, handleExecute, handleKernelInfo, init} = server;

  // Defect: a timer or socket that a cell left open keeps a kernel alive after its shutdown.
  server.close = function () {
    // The compiler's watchers end with the process; to close each takes longer than all the rest.
    this.handler.close = () => {};
    close.call(this);
    keepCompiled();
    process.exit(0);
  };

  // Defect: messages are sent without waiting, so that ZeroMQ refuses them after 512 in a row, and
  // a slow reader loses those over the high-water mark.
  server.bindSocket = function (socket, port) {
    // Sockets take no new properties; tslab sends through these fields only.
    for (const field of ["iopub", "shell", "control"]) {
      if (this[field] === socket) {
        this[field] = queueSends(socket);
      }
    }
    return bindSocket.call(this, socket, port);
  };

  server.handleKernelInfo = function (socket, message) {
    takeWishes(message.content.reckon ?? {});
    return handleKernelInfo.call(this, socket, message);
  };

  server.handleExecute = function (socket, message) {
    errorWriters.set(message.content, (content, metadata) => {
      const error = message.createReply();
      error.header.msg_type = "error";
      error.content = content;
      error.metadata = metadata;
      error.signAndSend(this.connInfo.key, this.iopub);
    });
    return handleExecute.call(this, socket, message);
  };

  // Defects: late rejections and exceptions in timers are only printed; a port that cannot be
  // bound leaves a kernel that nobody can reach.
  server.init = async function () {
    for (const event of ["uncaughtException", "unhandledRejection"]) {
      process.removeAllListeners(event);
      process.on(event, (thrown) => reportLate(thrown));
    }
    try {
      await init.call(this);
    } catch (error) {
      process._rawDebug(`the kernel cannot bind its sockets: ${error}`);
      process.exit(1);
    }
  };
}

function reportLate(thrown) {
  const cell = cells.getStore() ?? lastCell;
  if (cell === null) {
    process._rawDebug(`the kernel failed outside any cell: ${thrown?.stack ?? thrown}`);
    process.exit(1);
  }
  reportFailure(cell, [{thrown}], true);
}

let patchedTypeScript = null;

function mend(request, from, loaded) {
  if (request === "@tslab/typescript-for-tslab") {
    // Defect: line numbers of errors count transpiled lines.
    versions.typescript = loaded.version;
    if (patchedTypeScript === null) {
      if (isRun) {
        watchNoPackages(loaded);
      }
      const mapped = withSourceMaps(overheard(loaded), () => cells.getStore());
      patchedTypeScript = withShorthands(withSteadyTimers(mapped));
    }
    return patchedTypeScript;
  }
  if (from.endsWith("main.js") && request === "./executor") {
    patchExecutor(loaded);
  } else if (from.endsWith("main.js") && request === "./jupyter") {
    patchHandler(loaded.JupyterHandlerImpl.prototype);
    patchServer(loaded.ZmqServer.prototype);
  } else if (from.endsWith("main.js") && request === "./util") {
    versions.tslab = loaded.getVersion();
  }
  return loaded;
}

if (isMainThread) {
  // Node tells the ten innermost frames, which may all be those of a package that a cell calls.
  Error.stackTraceLimit = Math.max(Error.stackTraceLimit, 50);
  // Processes that a cell forks are no kernels.
  process.execArgv = [];
  quickenCompiler({keepDocs: !isRun});
  watchParent();
  tellSources();
  watchThrows(() => cells.getStore());
  const load = Module._load;
  Module._load = function (request, parent, isMain) {
    const loaded = load.call(this, request, parent, isMain);
    const from = parent?.filename ?? "";
    return /[\\/]tslab[\\/]dist[\\/]/.test(from) ? mend(request, from, loaded) : loaded;
  };
}
