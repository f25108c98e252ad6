"use strict";
/** The kernel's own clock: it runs where nothing compiled can be loaded, `timers.ts` neither. */

/** Milliseconds of a clock that never jumps. */
exports.monotonicMs = () => performance.now();
