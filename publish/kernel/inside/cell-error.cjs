"use strict";
/**
 * Turns what a cell threw, or what the compiler said of it, into the content of a Jupyter `error`
 * message: places are those of the cell's own source, and frames are the user's own.
 */
const {inspect, types} = require("node:util");
const {describeDiagnostics} = require("./cell-diagnostics.cjs");
const {isOwnCode} = require("./own-code.cjs");
const {formatFrame, formatPlace} = require("./printed-stack.cjs");
const {excerpt} = require("./source-excerpt.cjs");
const {cellPlace, cellSource, filePlace, statementPlace} = require("./source-places.cjs");
const {throwStackOf} = require("./throw-places.cjs");

const FRAME = /^\s+at (.*)$/;

class UnreadableError extends Error {
  constructor(thrown) {
    super("an error that cannot be shown");
    this.name = "Error";
    this.stack = throwStackOf(thrown);
  }
}

/** The user's frames of a stack: text to show, and the place where it is in a cell. */
function readFrames(stack) {
  return stack.split("\n").flatMap((text) => {
    const frame = FRAME.exec(text)?.[1];
    const [, name, inner] = /^(.*) \((.*)\)$/.exec(frame ?? "") ?? [];
    const location = inner ?? frame?.replace(/^async /, "");
    if (location === undefined || !isOwnCode(location)) {
      return [];
    }
    const place = cellPlace(location);
    if (place === undefined) {
      return [{text: showFrame(name, filePlace(location)), place: null}];
    }
    // Without a place in the source it is the wrapper that tslab puts around a cell.
    return place === null ? [] : [{text: showFrame(name, formatPlace(place)), place}];
  });
}

function showFrame(name, where) {
  return `    at ${formatFrame(name, where)}`;
}

function nameOf(thrown) {
  try {
    return String(thrown.name || thrown.constructor?.name || "Error");
  } catch {
    return "Error";
  }
}

function isError(value) {
  return types.isNativeError(value) || typeof value?.stack === "string";
}

function evalueOf(thrown) {
  try {
    return isError(thrown) ? String(thrown.message) : inspect(thrown);
  } catch {
    return "an error that cannot be shown";
  }
}

/** The frames of an error's stack; its message may hold lines that look like frames. */
function framesOf(thrown) {
  const {message, stack} = thrown;
  const text = typeof stack === "string" ? stack : "";
  const end = typeof message === "string" ? text.indexOf(message) + message.length : 0;
  return readFrames(text.slice(end));
}

/** An interrupt is not the cell's own error, and neither of its two stacks says where it was. */
function isInterrupt(thrown) {
  return (
    thrown?.code === "ERR_SCRIPT_EXECUTION_INTERRUPTED" ||
    thrown?.message === "Interrupted asynchronously"
  );
}

/** Where to look: at the error, at the `throw`, at what it collected, at the running statement. */
function placeIn(cell, {thrown, frames, late}) {
  const collected = Array.isArray(thrown?.errors) ? thrown.errors.filter(isError) : [];
  const seen = [frames, readFrames(throwStackOf(thrown)), ...collected.map(framesOf)];
  const inCell = ({place}) => place !== null && place.cell === cell.name;
  const own = seen.flat().find(inCell)?.place;
  // What fails later does so while some other statement runs.
  return own ?? (late ? null : statementPlace(cell));
}

function describeThrown(thrown, cell, late) {
  if (isInterrupt(thrown)) {
    const [ename, evalue] = ["Interrupted", "the cell was interrupted"];
    const place = statementPlace(cell);
    const content = {ename, evalue, traceback: [`${ename}: ${evalue}`, ...showPlace(place, cell)]};
    return {content, place: {line: place?.line ?? null, column: place?.column ?? null}};
  }
  const ename = isError(thrown) ? nameOf(thrown) : "Thrown";
  const evalue = evalueOf(thrown);
  const frames = isError(thrown) ? framesOf(thrown) : [];
  const own = placeIn(cell, {thrown, frames, late});
  const shown = frames.find((frame) => frame.place !== null)?.place ?? own;
  const traceback = [
    `${ename}: ${evalue}`,
    ...showPlace(shown, cell),
    ...frames.slice(0, 20).map((frame) => frame.text),
    ...causesOf(thrown),
  ];
  return {
    content: {ename, evalue, traceback},
    place: {line: own?.line ?? null, column: own?.column ?? null},
  };
}

function showPlace(place, cell) {
  const text = place === null ? undefined : cellSource(place.cell);
  if (text === undefined) {
    return [];
  }
  const inOther = place.cell === cell.name ? "" : ` in ${place.cell}`;
  return [`line ${place.line}${inOther}:`, ...excerpt(text, place)];
}

/** One line for each cause or collected error, and for theirs. */
function causesOf(thrown, depth = 0) {
  if (!isError(thrown) || depth > 4) {
    return [];
  }
  const collected = Array.isArray(thrown.errors) ? thrown.errors.slice(0, 5) : [];
  const inner = thrown.cause === undefined ? collected : [thrown.cause, ...collected];
  return inner.flatMap((cause) => {
    const name = isError(cause) ? `${nameOf(cause)}: ` : "";
    return [`Caused by ${name}${evalueOf(cause)}`, ...causesOf(cause, depth + 1)];
  });
}

/**
 * @param problems one thrown value, or the compiler's diagnostics, of `cell`
 * @param late whether it failed on its own, not while the cell ran
 */
exports.describeFailure = (problems, cell, late) => {
  const thrown = problems.find((problem) => "thrown" in problem);
  if (thrown === undefined) {
    return describeDiagnostics(
      problems.map((problem) => problem.diagnostic),
      cell,
    );
  }
  try {
    return describeThrown(thrown.thrown, cell, late);
  } catch {
    // An object that throws whenever it is looked at; the `throw` of it can still be told.
    return describeThrown(new UnreadableError(thrown.thrown), cell, late);
  }
};
