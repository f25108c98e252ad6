"use strict";
/** The kernel's own clock: it runs where nothing compiled can be loaded, `timers.ts` neither. */

/** Milliseconds of a clock that never jumps. */
exports.monotonicMs = () => performance.now();

/** Runs a step when the event loop has turned, so that what has come meanwhile is read first. */
exports.inNextTurn = (step) => {
  setImmediate(step);
};
