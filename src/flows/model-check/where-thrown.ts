import {basename, sep} from "node:path";
import {fileURLToPath} from "node:url";
import {packageRoot} from "../../system/run/run-record.js";

/**
 * The line of a desk's own code in which an error, or what caused it, was thrown: `R1.js line 62`;
 * undefined where its stacks lead through this package only.
 */
export function whereThrown(error: unknown): string | undefined {
  const own = `${packageRoot()}${sep}`;
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    for (const [, place = "", line] of (cause.stack ?? "").matchAll(
      /\(?([^\s(]+):(\d+):\d+\)?$/gm,
    )) {
      const path = place.startsWith("file:") ? fileURLToPath(place) : place;
      if (!path.startsWith(own) && !path.startsWith("node:")) {
        return `${basename(path)} line ${line}`;
      }
    }
  }
  return undefined;
}
