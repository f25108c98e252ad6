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

// Defect: every folder under a package is watched for new files, which takes as long as reading all
// of them; in an editor somebody may install one, beside a run nobody does.
exports.watchNoPackages = ({sys}) => {
  const {watchDirectory} = sys;
  sys.watchDirectory = (folder, ...rest) =>
    /[\\/]node_modules([\\/]|$)/.test(folder)
      ? {close: () => {}}
      : watchDirectory.call(sys, folder, ...rest);
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

// Defect: `{a}` with an `a` of an earlier cell stays as it is, while every other use becomes
// `exports.a`; the cell then fails with a ReferenceError. It is written out as `{a: exports.a}`.
exports.withShorthands = (ts) => {
  const isShorthandName = (node) =>
    node.parent !== undefined &&
    ts.isShorthandPropertyAssignment(node.parent) &&
    node.parent.name === node;
  const withValues = (checker) => ({
    ...checker,
    getSymbolAtLocation: (node) =>
      (isShorthandName(node) ? checker.getShorthandAssignmentValueSymbol(node.parent) : null) ??
      checker.getSymbolAtLocation(node),
  });
  const createWatchCompilerHost = (...args) => {
    const host = ts.createWatchCompilerHost(...args);
    const {createProgram} = host;
    host.createProgram = (...parts) => {
      const builder = createProgram(...parts);
      const program = builder.getProgram();
      const {getTypeChecker} = program;
      let checker = null;
      program.getTypeChecker = () => {
        checker ??= withValues(getTypeChecker());
        return checker;
      };
      return builder;
    };
    return host;
  };
  const visitEachChild = (node, visitor, ...rest) => {
    const isTslabs = visitor.name === "wrapPrevIdentifier";
    const value =
      isTslabs && ts.isShorthandPropertyAssignment(node) ? visitor(node.name) : node.name;
    if (value === node.name) {
      return ts.visitEachChild(node, visitor, ...rest);
    }
    const {factory} = ts;
    const initial = node.objectAssignmentInitializer;
    // `({a = 1} = from)` sets the earlier cell's variable too.
    const target =
      initial === undefined ? value : factory.createAssignment(value, visitor(initial));
    return factory.createPropertyAssignment(factory.createIdentifier(node.name.text), target);
  };
  return {...ts, createWatchCompilerHost, visitEachChild};
};
