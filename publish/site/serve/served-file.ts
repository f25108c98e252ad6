import {realpathSync, statSync} from "node:fs";
import {join, relative, sep} from "node:path";

/**
 * The file that an address asks for, below `root`; undefined for everything that is not to be
 * served: what is not there, hidden files, ways out of the folder however they are written, links
 * that lead out, folders.
 */
export function servedFile(root: string, pathname: string): string | undefined {
  const local = decoded(pathname);
  if (local === undefined || !isPlain(local.split("/"))) return undefined;
  try {
    const home = realpathSync(root);
    const path = realpathSync(join(home, local));
    const inside = relative(home, path).split(sep);
    return isPlain(inside) && statSync(path).isFile() ? path : undefined;
  } catch {
    return undefined; // not there
  }
}

/** Decoded once: what still looks encoded then is part of a name. */
function decoded(pathname: string): string | undefined {
  try {
    return decodeURIComponent(pathname).replace(/^\//, "");
  } catch {
    return undefined;
  }
}

function isPlain(parts: readonly string[]): boolean {
  return parts.every((part) => part !== "" && !part.startsWith(".") && !/[\\\0]/.test(part));
}
