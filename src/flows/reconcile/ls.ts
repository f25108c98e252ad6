import {lstatSync, readdirSync} from "node:fs";
import {join} from "node:path";
import {ReckonError} from "../../errors.js";
import type {EpochMs} from "../../time/epoch.js";

/** A file or folder of a reconciliation. */
export interface ListedEntry {
  /** Relative to the reconciliation; folders end in a slash. */
  readonly path: string;
  /** Of a folder, with everything in it. */
  readonly bytes: number;
  readonly files: number;
  /** Epoch milliseconds; of a folder, its newest file's. */
  readonly modified: EpochMs;
}

/**
 * What a reconciliation holds, two levels deep, each folder with the sum of what is in it; the
 * folder itself first.
 *
 * @throws ReckonError `misuse` when there is no such folder
 */
export function listReconciliation(dir: string): ListedEntry[] {
  try {
    return entriesOf(dir, "./", 2);
  } catch (cause) {
    const {code = ""} = cause as {code?: string};
    if (!["ENOENT", "ENOTDIR"].includes(code)) {
      throw cause;
    }
    throw new ReckonError("misuse", {
      place: dir,
      expected: "the folder of a reconciliation",
      found: "none",
      fix: "check root, model, modes, times and tag, or run `reckon reconcile all` first",
    });
  }
}

function entriesOf(path: string, name: string, depth: number): ListedEntry[] {
  const stat = lstatSync(path);
  if (!stat.isDirectory()) {
    return [{path: name, bytes: stat.size, files: 1, modified: stat.mtimeMs}];
  }
  const prefix = name === "./" ? "" : name;
  const children = readdirSync(path, {withFileTypes: true})
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((child) =>
      entriesOf(
        join(path, child.name),
        `${prefix}${child.name}${child.isDirectory() ? "/" : ""}`,
        depth - 1,
      ),
    );
  const own = children.map(([first]) => first as ListedEntry);
  const sum = (of: (entry: ListedEntry) => number) => own.reduce((all, one) => all + of(one), 0);
  const whole = {
    path: name,
    bytes: sum(({bytes}) => bytes),
    files: sum(({files}) => files),
    modified: Math.max(stat.mtimeMs, ...own.map(({modified}) => modified)),
  };
  return depth === 0 ? [whole] : [whole, ...children.flat()];
}
