// The tools people chain today, in a Python environment of their own.
import {mkdirSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {peerPython} from "../peers/python.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const script = fileURLToPath(new URL("peers.py", import.meta.url));

/** Both peers, or why they are left out. */
export function pythonPeers(scratch) {
  const {missing, python} = peerPython();
  if (missing !== undefined) {
    return {peers: [], missing};
  }
  const env = {...process.env, JUPYTER_PATH: writeKernelSpec(scratch), PYTHONWARNINGS: "ignore"};
  const peers = ["nbclient", "papermill"].map((peer) => ({
    name: `${peer} + nbconvert`,
    command: ({notebook, executed, page}) => ({
      file: python,
      args: [script, peer, "plain-tslab", notebook, executed, page],
      env,
    }),
    results: ({executed, page}) => ({executed, page}),
  }));
  return {peers, missing: undefined};
}

/** The kernel as its own `install` would register it, in a place that Jupyter is told of. */
function writeKernelSpec(scratch) {
  const folder = join(scratch, "jupyter/kernels/plain-tslab");
  const tslab = join(root, "node_modules/tslab/bin/tslab");
  const argv = [process.execPath, tslab, "kernel", "--config-path", "{connection_file}"];
  mkdirSync(folder, {recursive: true});
  const spec = {argv, display_name: "TypeScript", language: "typescript"};
  writeFileSync(join(folder, "kernel.json"), JSON.stringify(spec));
  return join(scratch, "jupyter");
}
