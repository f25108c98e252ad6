import {preloadScript, tslabScript} from "./package-root.js";

/** Program and arguments of a kernel; the file at `connectionPath` names its sockets. */
export function kernelCommand(connectionPath: string): readonly [string, ...string[]] {
  // What is experimental in Node would be told in the first cell of every notebook.
  const quiet = "--disable-warning=ExperimentalWarning";
  const node = ["--experimental-vm-modules", quiet, "-r", preloadScript];
  return [process.execPath, ...node, tslabScript(), "kernel", "--config-path", connectionPath];
}
