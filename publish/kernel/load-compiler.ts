import {createRequire} from "node:module";
import {join} from "node:path";
import type ts from "typescript";
import {packageRoot, tslabScript} from "./package-root.js";

let compiler: typeof ts | null = null;

/**
 * The compiler of the kernel, for types and syntax of cells. It comes from the bytecode that an
 * earlier kernel left, in a third of the time that loading it anew takes.
 */
export function loadCompiler(): typeof ts {
  if (compiler === null) {
    const ofTslab = createRequire(tslabScript());
    const {quickenCompiler} = ofTslab(
      join(packageRoot, "publish", "kernel", "inside", "compiler.cjs"),
    ) as {
      quickenCompiler: (wishes: {readonly keepDocs: boolean}) => void;
    };
    quickenCompiler({keepDocs: false});
    compiler = ofTslab("@tslab/typescript-for-tslab") as typeof ts;
  }
  return compiler;
}
