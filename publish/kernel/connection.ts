import {randomUUID} from "node:crypto";
import {mkdtemp, rm, writeFile} from "node:fs/promises";
import {type AddressInfo, createServer} from "node:net";
import {tmpdir} from "node:os";
import {join} from "node:path";

/** What a Jupyter connection file says. */
export interface ConnectionInfo {
  readonly transport: "ipc" | "tcp";
  readonly ip: string;
  readonly shell_port: number;
  readonly iopub_port: number;
  readonly stdin_port: number;
  readonly control_port: number;
  readonly hb_port: number;
  readonly key: string;
  readonly signature_scheme: "hmac-sha256";
  readonly kernel_name: string;
}

export interface Connection {
  readonly info: ConnectionInfo;
  /** Path of the connection file. */
  readonly path: string;
  /** Removes the file and the sockets. */
  remove(): Promise<void>;
}

type Ports = readonly [number, number, number, number, number];

/** Longest path of a Unix socket that every system takes, with room for the `:5` of a port. */
const longestSocketPath = 100;

/**
 * A connection file in a private folder. Sockets are files in that folder where the system has
 * such sockets, since two kernels can never clash there; otherwise ports of the loopback, which
 * may be taken between choosing and binding: then the kernel's start fails and is tried again.
 */
export async function createConnection(transport: "ipc" | "tcp"): Promise<Connection> {
  // mkdtemp makes the folder for its owner alone (0700).
  const folder = await mkdtemp(join(tmpdir(), "reckon-kernel-"));
  const remove = () => rm(folder, {recursive: true, force: true});
  try {
    const isLocal = transport === "ipc" && canUseSocketFiles(folder);
    const info = isLocal
      ? connectionInfo("ipc", join(folder, "s"), [1, 2, 3, 4, 5])
      : connectionInfo("tcp", "127.0.0.1", await freePorts());
    const path = join(folder, "connection.json");
    await writeFile(path, JSON.stringify(info), {mode: 0o600});
    return {info, path, remove};
  } catch (error) {
    await remove();
    throw error;
  }
}

function canUseSocketFiles(folder: string): boolean {
  return process.platform !== "win32" && Buffer.byteLength(folder) + 4 <= longestSocketPath;
}

function connectionInfo(transport: "ipc" | "tcp", ip: string, ports: Ports): ConnectionInfo {
  const [shell_port, iopub_port, stdin_port, control_port, hb_port] = ports;
  const channels = {shell_port, iopub_port, stdin_port, control_port, hb_port};
  const signing = {key: randomUUID(), signature_scheme: "hmac-sha256" as const};
  return {transport, ip, ...channels, ...signing, kernel_name: "tslab"};
}

/** Five ports that were free a moment ago; held open together so that they differ. */
async function freePorts(): Promise<Ports> {
  const servers = Array.from({length: 5}, () => createServer());
  try {
    const ports = await Promise.all(servers.map(listen));
    return ports as unknown as Ports;
  } finally {
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }
}

function listen(server: ReturnType<typeof createServer>): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}
