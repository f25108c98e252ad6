"use strict";
/**
 * The text of `error.stack` in a kernel, which cells print themselves: frames name the cell and
 * the line of its source, and end where the kernel's own code called the cell.
 */
const path = require("node:path");
const {cellPlace, filePlace, isMapped} = require("./source-places.cjs");

const textOf = Error.prototype.toString;
const MACHINERY = /[\\/]tslab[\\/]dist[\\/]/;

/** What Node marks its own errors with, whose first line tells their code; undefined for none. */
function findNodeMark() {
  try {
    Buffer.alloc("");
  } catch (error) {
    for (let at = error; at !== null; at = Object.getPrototypeOf(at)) {
      const marks = Object.getOwnPropertySymbols(at);
      const mark = marks.find(({description}) => description === "kIsNodeError");
      if (mark !== undefined) {
        return mark;
      }
    }
  }
  return undefined;
}
const nodeMark = findNodeMark();

/** As Node writes the first line; what an error's own fields throw is passed on, as Node does. */
function firstLine(error) {
  return nodeMark !== undefined && nodeMark in error
    ? `${error.name} [${error.code}]: ${error.message}`
    : textOf.call(error);
}

/** `f (cell 2, line 3, column 7)`: the form in which a failure tells it, too. */
exports.formatFrame = (given, where) => {
  // What an earlier cell declared is called through tslab's own proxy.
  const name = given?.replace(/^(async )?Proxy\./, "$1");
  return name === undefined || name.startsWith("eval") ? where : `${name} (${where})`;
};

exports.formatPlace = ({cell, line, column}) => `${cell}, line ${line}, column ${column}`;

/** One frame: its text, whether it lies in a cell, and whether it is the kernel's own. */
function readSite(site) {
  const text = String(site);
  const file = site.getFileName();
  if (typeof file !== "string" || !isMapped(file)) {
    const isKernel = path.dirname(file ?? "") === __dirname || MACHINERY.test(file ?? "");
    return {text, isInCell: false, isKernel};
  }
  const location = `${file}:${site.getLineNumber()}:${site.getColumnNumber()}`;
  const place = cellPlace(location);
  if (place === null) {
    return {text, isInCell: false, isKernel: true}; // the wrapper that tslab puts around a cell
  }
  const where = place === undefined ? filePlace(location) : exports.formatPlace(place);
  const [, name, bare = ""] = /^(?:(.*) \(.*\)|(async )?.*)$/.exec(text) ?? [];
  const shown = bare + exports.formatFrame(name, where);
  return {text: shown, isInCell: place !== undefined, isKernel: false};
}

function formatFrames(sites) {
  const frames = sites.map(readSite);
  const outermost = frames.findLastIndex(({isInCell}) => isInCell);
  const end = frames.findIndex(({isKernel}, i) => isKernel && i > outermost);
  return frames.slice(0, outermost < 0 || end < 0 ? frames.length : end).map(({text}) => text);
}

function prepareStackTrace(error, sites) {
  let frames;
  try {
    frames = formatFrames(sites);
  } catch {
    frames = sites.map(String); // a stack is better told as it ran than not at all
  }
  return [firstLine(error), ...frames].join("\n    at ");
}

/**
 * Lets every stack be told so. It happens only when somebody asks for one; code that sets an
 * `Error.prepareStackTrace` of its own, or an error's `stack`, has its way as ever.
 */
exports.tellSources = () => {
  const property = {value: prepareStackTrace, writable: true, configurable: true};
  Object.defineProperty(Error, "prepareStackTrace", property);
};
