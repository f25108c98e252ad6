import {existsSync} from "node:fs";
import {readdir, readFile} from "node:fs/promises";
import {join} from "node:path";
import {PublishError} from "../../errors.js";
import {packageRoot} from "../../kernel/package-root.js";
import {makeFolder, writeWhole} from "../../whole-file.js";

const folder = join(packageRoot, "templates", "notebooks");

/** Names of the notebooks that a new one may begin as. */
export async function skeletonNames(): Promise<string[]> {
  const files = await readdir(folder);
  return files.map((file) => file.replace(/\.ipynb$/, "")).sort();
}

/**
 * Copies a skeleton to `{dir}/{name}.ipynb`, with the name as its title.
 *
 * @returns the path of the new notebook
 * @throws PublishError `bad-parameter` for a name that is no file name, an unknown skeleton or a
 *   notebook that is there already; `write-failed`
 */
export async function newNotebook({
  name,
  dir,
  skeleton,
}: {
  readonly name: string;
  readonly dir: string;
  readonly skeleton: string;
}): Promise<string> {
  const stem = name.replace(/\.ipynb$/, "");
  if (!/^[\p{L}\p{N}_][\p{L}\p{N}._ -]*$/u.test(stem)) {
    throw refusal(`name: expected letters, digits, dots and dashes, found "${name}"`);
  }
  const known = await skeletonNames();
  if (!known.includes(skeleton)) {
    throw refusal(`skeleton: expected one of ${known.join(", ")}, found "${skeleton}"`);
  }
  const path = join(dir, `${stem}.ipynb`);
  if (existsSync(path)) {
    throw refusal(`${path}: expected no file there yet, found one; choose another name`);
  }
  const text = await readFile(join(folder, `${skeleton}.ipynb`), "utf8");
  await makeFolder(dir);
  await writeWhole(path, text.replaceAll("NOTEBOOK_TITLE", titleOf(stem)));
  return path;
}

/** `funding-rates` becomes `Funding rates`. */
function titleOf(stem: string): string {
  const words = stem.replace(/[-_]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function refusal(message: string): PublishError {
  return new PublishError("bad-parameter", message);
}
