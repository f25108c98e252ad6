// Publishes a run that is known beforehand and kills itself at one write:
// node killed-publisher.mjs OUTCOME.json NOTEBOOK DST_DIR SITE_DIR WRITE before|aside
import {mkdirSync, readFileSync, writeFileSync} from "node:fs";
import {dirname} from "node:path";
import {publishNotebook} from "../../dist/publish/result/publish-notebook.js";
import {writeWhole} from "../../dist/publish/whole-file.js";

const [outcomePath, notebookPath, dstDir, site, write, when] = process.argv.slice(2);
const outcome = JSON.parse(readFileSync(outcomePath, "utf8"));
let writes = 0;

const kill = () => process.kill(process.pid, "SIGKILL");

await publishNotebook(
  {
    notebookPath,
    dstDir,
    publishTo: {site: {place: site}, stableNames: ["page.last_24hours.html"]},
  },
  {
    runNotebook: async ({onEvent}) => {
      onEvent({type: "run-started", parameters: outcome.parameters, codeCells: 1, cells: 1});
      return outcome;
    },
    writeFile: async (path, content) => {
      if (++writes === Number(write)) {
        mkdirSync(dirname(path), {recursive: true});
        if (when === "aside") writeFileSync(`${path}.${process.pid}-1.tmp`, content);
        kill();
      }
      await writeWhole(path, content);
    },
    withPainter: (use) => use({paint: async () => Buffer.from("no real PNG"), warm: () => {}}),
    readProvenance: async () => ({
      gitCommit: null,
      gitDirty: null,
      lockFileSha256: null,
      host: "desk-1",
    }),
  },
);
console.log(writes);
