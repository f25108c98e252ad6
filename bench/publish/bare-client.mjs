// The least that runs a notebook: the plain kernel, its protocol, one cell after the other; nothing
// is kept, shown or written. `node bench/publish/bare-client.mjs NOTEBOOK` prints
// {ms, startMs, cellMs}.
import {spawn} from "node:child_process";
import {createHmac, randomUUID} from "node:crypto";
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import process from "node:process";
import {fileURLToPath} from "node:url";
import {Dealer, Subscriber} from "zeromq";

const root = fileURLToPath(new URL("../../", import.meta.url));
const tslab = join(root, "node_modules/tslab/bin/tslab");
const delimiter = "<IDS|MSG>";
const askAgainMs = 20;

/** Times in milliseconds, from nothing to the last cell's end; the kernel is then killed. */
export async function runBare(notebookPath) {
  const start = performance.now();
  const {cells} = JSON.parse(readFileSync(notebookPath, "utf8"));
  const folder = mkdtempSync(join(tmpdir(), "reckon-bare-"));
  const info = connectionInfo(join(folder, "s"));
  const path = join(folder, "connection.json");
  writeFileSync(path, JSON.stringify(info));
  const args = ["--experimental-vm-modules", tslab, "kernel", "--config-path", path];
  const kernel = spawn(process.execPath, args, {cwd: root, stdio: "ignore"});
  const client = openClient(info);
  try {
    await client.ready();
    const startMs = performance.now() - start;
    const cellMs = [];
    for (const {source} of cells) {
      const cellStart = performance.now();
      await client.execute([source].flat().join(""));
      cellMs.push(performance.now() - cellStart);
    }
    return {ms: performance.now() - start, startMs, cellMs};
  } finally {
    client.close();
    kernel.kill("SIGKILL");
    await new Promise((resolve) => kernel.once("exit", resolve));
    rmSync(folder, {recursive: true, force: true});
  }
}

function connectionInfo(ip) {
  const [shell_port, iopub_port, stdin_port, control_port, hb_port] = [1, 2, 3, 4, 5];
  const ports = {shell_port, iopub_port, stdin_port, control_port, hb_port};
  return {transport: "ipc", ip, ...ports, key: randomUUID(), signature_scheme: "hmac-sha256"};
}

function openClient({ip, key, ...ports}) {
  const limits = {receiveHighWaterMark: 0, linger: 0, reconnectInterval: askAgainMs};
  const [shell, iopub] = [new Dealer(limits), new Subscriber(limits)];
  iopub.connect(`ipc://${ip}:${ports.iopub_port}`);
  iopub.subscribe();
  shell.connect(`ipc://${ip}:${ports.shell_port}`);
  const waiting = new Map();
  let isHeard = false;
  const done = (parentId, part, status = "ok") => {
    const request = waiting.get(parentId);
    if (status !== "ok") request?.reject(new Error(`bare client: a cell ended with ${status}`));
    request?.missing.delete(part);
    if (request?.missing.size === 0) request.resolve();
  };
  void read(shell, ({parent, content}) => done(parent, "reply", content.status));
  void read(iopub, ({parent, type, content}) => {
    isHeard = true;
    if (type === "status" && content.execution_state === "idle") done(parent, "idle");
  });
  const ask = (type, content, missing) => {
    const {id, frames} = pack(key, type, content);
    const answered = new Promise((resolve) =>
      waiting.set(id, {missing: new Set(missing), resolve}),
    );
    void shell.send(frames);
    return answered;
  };
  return {
    async ready() {
      await ask("kernel_info_request", {}, ["reply"]);
      while (!isHeard) {
        const again = new Promise((resolve) => setTimeout(resolve, askAgainMs));
        await Promise.race([ask("kernel_info_request", {}, ["idle"]), again]);
      }
    },
    execute: (code) =>
      ask("execute_request", {code, silent: false, store_history: true}, ["reply", "idle"]),
    close() {
      shell.close();
      iopub.close();
    },
  };
}

function pack(key, type, content) {
  const id = randomUUID();
  const header = {msg_id: id, msg_type: type, session: key, username: "", version: "5.3"};
  const parts = [header, {}, {}, content].map((part) => JSON.stringify(part));
  const signature = createHmac("sha256", key).update(parts.join("")).digest("hex");
  return {id, frames: [delimiter, signature, ...parts]};
}

async function read(socket, handle) {
  try {
    for await (const frames of socket) {
      const start = frames.findIndex((frame) => frame.toString() === delimiter);
      const [header, parent, , content] = frames.slice(start + 2).map((frame) => JSON.parse(frame));
      handle({type: header.msg_type, parent: parent.msg_id, content});
    }
  } catch (error) {
    if (!socket.closed) throw error;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(JSON.stringify(await runBare(process.argv[2])));
}
