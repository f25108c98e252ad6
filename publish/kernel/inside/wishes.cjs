"use strict";
/** What our own client asks of a kernel beside the protocol, with a request for its facts. */
const {getReady} = require("./ahead.cjs");

/** A kernel that was started ahead is handed over with the environment of its notebook. */
function replaceEnvironment(environment) {
  for (const name of Object.keys(process.env)) {
    if (!Object.hasOwn(environment, name)) {
      delete process.env[name];
    }
  }
  Object.assign(process.env, environment);
}

/** @param wishes `{environment?, foreseen?}`, the latter for `ahead.cjs` */
exports.takeWishes = ({environment, foreseen}) => {
  if (environment !== undefined) {
    replaceEnvironment(environment);
  }
  if (foreseen !== undefined) {
    getReady(foreseen);
  }
};
