"use strict";
/** What leaves the kernel: text gathered into pieces, messages queued so that none is refused. */
const {StringDecoder} = require("node:string_decoder");

/** Text is sent in pieces of about this many characters, or once per turn of the event loop. */
const PIECE = 65_536;

/** The text that waits to be sent, all of one stream of one cell. */
const pending = {cell: null, name: "", parts: [], size: 0, scheduled: false};
const decoders = {stdout: new StringDecoder("utf8"), stderr: new StringDecoder("utf8")};

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
  if (pending.size >= PIECE) {
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

/** A sender that waits for its turn and loses nothing, in place of the socket itself. */
exports.queueSends = (socket) => {
  const send = socket.send.bind(socket);
  let waiting = [];
  let inFlight = -1;
  const drain = async () => {
    for (inFlight = 0; inFlight < waiting.length; ++inFlight) {
      try {
        await send(waiting[inFlight]);
      } catch (error) {
        if (socket.closed) {
          break;
        }
        process._rawDebug(`cannot send a message: ${error}`);
      }
      waiting[inFlight] = null;
    }
    waiting = [];
    inFlight = -1;
  };
  socket.sendHighWaterMark = 0;
  // What a cell printed just before `process.exit()` is sent as far as ZeroMQ takes it at once.
  process.on("exit", () => {
    flushText();
    for (const frames of waiting.slice(inFlight + 1)) {
      send(frames).catch(() => {});
    }
  });
  const sendInTurn = (frames) => {
    flushText();
    waiting.push(frames);
    if (inFlight < 0) {
      drain();
    }
  };
  return {send: sendInTurn, close: () => socket.close()};
};
