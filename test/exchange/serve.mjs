// The local exchange as a process of its own: see serve.ts for its flags.
import {fileURLToPath} from "node:url";
import {runnerImport} from "vite";

const {module} = await runnerImport(fileURLToPath(new URL("./serve.ts", import.meta.url)));
await module.serve(process.argv.slice(2));
