"use strict";
/** The defects of tslab 1.0.22 around its compiler; see `preload.cjs`. */

/** What the compiler calls to be woken; tslab wakes it, no clock does. */
const TIMER = "setTimeout";

// Defect: a `for await` outside of functions is not seen to be an await.
exports.mendConverter = (converter) => {
  const {convert} = converter;
  converter.convert = (...args) => {
    const converted = convert(...args);
    const awaits = /\bfor await\b/.test(converted.output ?? "");
    return {...converted, hasToplevelAwait: converted.hasToplevelAwait || awaits};
  };
};

// Defect: the compiler has two timers and tslab room for one: a file that appears where an import
// was looked for breaks the next cell. What follows from such a file needs no waiting.
exports.withSteadyTimers = (ts) => {
  const createWatchCompilerHost = (...args) => {
    const host = ts.createWatchCompilerHost(...args);
    const schedule = host[TIMER];
    host[TIMER] = (callback, ms) => {
      if (callback.name === "invalidateResolutionsOfFailedLookup") {
        callback();
        return undefined;
      }
      return schedule(callback, ms);
    };
    return host;
  };
  return {...ts, createWatchCompilerHost};
};
