"use strict";
/** What leaves the kernel: text gathered into pieces, messages queued so that none is refused. */
const {StringDecoder} = require("node:string_decoder");
const {monotonicMs} = require("./clock.cjs");

/** Text is sent in pieces of about this many characters, or once per turn of the event loop. */
const PIECE = 131_072;
/**
 * So many pieces in a row, and one more every so often, are sent at once: a cell that then never
 * lets the event loop turn, and has to be killed, has shown how far it came.
 */
const AT_ONCE = 8;
const AT_ONCE_EVERY_MS = 50;

/** The text that waits to be sent, all of one stream of one cell. */
const pending = {cell: null, name: "", parts: [], size: 0, scheduled: false};
const decoders = {stdout: new StringDecoder("utf8"), stderr: new StringDecoder("utf8")};

const credit = {pieces: AT_ONCE, atMs: 0};

function maySendAtOnce() {
  const now = monotonicMs();
  const earned = (now - credit.atMs) / AT_ONCE_EVERY_MS;
  credit.pieces = Math.min(AT_ONCE, credit.pieces + earned);
  credit.atMs = now;
  if (credit.pieces < 1) {
    return false;
  }
  credit.pieces -= 1;
  return true;
}

function flushText() {
  if (pending.size === 0) {
    return;
  }
  const {cell, name, parts} = pending;
  pending.parts = [];
  pending.size = 0;
  cell.writeStream(name, parts.join(""));
}

/** Adds text to a cell's stream; neighbouring pieces go together. */
exports.addText = (cell, name, text) => {
  if (pending.cell !== cell || pending.name !== name) {
    flushText();
    pending.cell = cell;
    pending.name = name;
  }
  pending.parts.push(text);
  pending.size += text.length;
  if (pending.size >= PIECE || maySendAtOnce()) {
    flushText();
  } else if (!pending.scheduled) {
    pending.scheduled = true;
    process.nextTick(() => {
      pending.scheduled = false;
      flushText();
    });
  }
};

/** The text of a write: characters may be split between the writes of bytes. */
exports.textOf = (name, chunk, encoding) => {
  if (typeof chunk !== "string") {
    return decoders[name].write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
  }
  const isText = encoding === undefined || encoding === null || /^utf-?8$/i.test(encoding);
  return isText ? chunk : Buffer.from(chunk, encoding).toString("utf8");
};

/**
 * A sender that loses nothing, in place of the socket itself. A message goes to ZeroMQ at once,
 * which sends it even while a cell holds this thread; when ZeroMQ takes no more in a row, it waits.
 */
exports.queueSends = (socket) => {
  const send = socket.send.bind(socket);
  let waiting = [];
  let isDraining = false;
  /** Settles when ZeroMQ is done with what it took last. */
  let taken = Promise.resolve();
  const fail = (error) => {
    if (!socket.closed) {
      process._rawDebug(`cannot send a message: ${error}`);
    }
  };
  const isTaken = (frames) => {
    try {
      taken = send(frames).catch(fail);
      return true;
    } catch {
      return false;
    }
  };
  const drain = async () => {
    isDraining = true;
    await taken;
    for (let i = 0; i < waiting.length; ++i) {
      const frames = waiting[i];
      waiting[i] = null;
      try {
        await send(frames);
      } catch (error) {
        fail(error);
      }
    }
    waiting = [];
    isDraining = false;
  };
  socket.sendHighWaterMark = 0;
  // What a cell printed just before `process.exit()` is sent as far as ZeroMQ takes it at once.
  process.on("exit", () => {
    flushText();
    for (const frames of waiting) {
      if (frames !== null && !isTaken(frames)) {
        return;
      }
    }
  });
  const sendInTurn = (frames) => {
    flushText();
    if (waiting.length === 0 && isTaken(frames)) {
      return;
    }
    waiting.push(frames);
    if (!isDraining) {
      drain();
    }
  };
  return {send: sendInTurn, close: () => socket.close()};
};
