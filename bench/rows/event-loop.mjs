import {checkSmaCross, missing, noteSmaCross, prepareSmaCross} from "../sma-cross.mjs";

/** 43,200 one-minute bars through orders, fills and positions, warm; nothing is kept. */
export const row = {
  name: "event loop, 43,200 bars, 623 fills",
  target: "<= 45 ms",
  limitMs: 45,
  repeat: 5,
  missing,
  prepare: () => prepareSmaCross({hasJournal: false}),
  run: ({run}) => run(),
  check: checkSmaCross,
  note: noteSmaCross,
};
