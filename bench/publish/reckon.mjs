// Reckon as people run it: a command in a process of its own, from nothing to the page.
import {readdirSync} from "node:fs";
import {basename, join} from "node:path";
import {fileURLToPath} from "node:url";

const main = fileURLToPath(new URL("../../dist/src/cli/main.js", import.meta.url));

export const reckon = {
  name: "reckon notebook run",
  command: ({notebook, folder}) => ({
    file: process.execPath,
    args: [main, "notebook", "run", notebook, "--dst-dir", folder],
  }),
  results: ({notebook, folder}) => reckonResults(folder, notebook),
};

/** Where a run in `folder` left the executed notebook and its page. */
export function reckonResults(folder, notebook) {
  const result = join(folder, "result_0");
  const page = readdirSync(result).find((name) => name.endsWith(".html"));
  return {
    executed: join(result, `${basename(notebook, ".ipynb")}.0.ipynb`),
    page: join(result, page ?? "no-page.html"),
  };
}
