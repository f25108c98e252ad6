import {createRequire} from "node:module";
import {sep} from "node:path";

/** What one display message holds: JSON values for JSON types, text for the others. */
export interface DisplayBundle {
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
}

type WriteDisplay = (bundle: DisplayBundle & {transient: object}, isUpdate: boolean) => void;

/**
 * Shows one bundle in the running cell; false when there is no tslab kernel around.
 *
 * tslab's own functions send one type of text at a time, but the writer beneath them takes whole
 * bundles. It is found among the modules that are already loaded: the kernel's own tslab, whichever
 * that is.
 */
export function sendDisplay(bundle: DisplayBundle): boolean {
  const write = findWriter();
  write?.({...bundle, transient: {}}, false);
  return write !== null;
}

function findWriter(): WriteDisplay | null {
  const {cache} = createRequire(import.meta.url);
  const end = ["", "tslab", "dist", "jupyter.js"].join(sep);
  for (const [path, module] of Object.entries(cache)) {
    if (path.endsWith(end)) {
      const loaded = module?.exports as {lastWriteDisplayData?: unknown} | undefined;
      const write = loaded?.lastWriteDisplayData;
      return typeof write === "function" ? (write as WriteDisplay) : null;
    }
  }
  return null;
}
