import {readdirSync, rmSync} from "node:fs";
import {join} from "node:path";

/**
 * Removes the pages of earlier runs of a name from a result folder: the page of a run that failed
 * shall not lie beside the marker of one that did not. Pages of a site are copies, and stay.
 */
export function removeEarlierPages(
  folder: string,
  {name, index}: {readonly name: string; readonly index: number},
): void {
  const start = `${name}.${index}.`;
  const isPage = (file: string) =>
    file.startsWith(start) && /^\d{8}-\d{6}\.html$/.test(file.slice(start.length));
  for (const file of readdirSync(folder).filter(isPage)) rmSync(join(folder, file), {force: true});
}
