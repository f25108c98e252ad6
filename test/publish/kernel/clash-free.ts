import {createServer, type Server} from "node:net";
import {expect} from "vitest";
import {type Connection, createConnection} from "../../../publish/kernel/connection.js";

const atOnce = 50;

export function portsOf({info}: Connection): number[] {
  const {shell_port, iopub_port, stdin_port, control_port, hb_port} = info;
  return [shell_port, iopub_port, stdin_port, control_port, hb_port];
}

/**
 * Makes connections, 50 at once, and binds of each all sockets that its kernel would; fails where
 * two want the same.
 *
 * @param starts a multiple of 50
 */
export async function expectNoClash(starts: number): Promise<void> {
  const places = new Set<string>();
  for (let started = 0; started < starts; started += atOnce) {
    const wave = Array.from({length: atOnce}, () => createConnection("ipc"));
    const connections = await Promise.all(wave);
    const servers = await Promise.all(connections.map(bindLikeKernel));
    for (const connection of connections) {
      places.add(connection.info.ip);
      expect(connection.info.transport).toBe("ipc");
      expect(new Set(portsOf(connection)).size).toBe(5);
    }
    await Promise.all(servers.flat().map(close));
    await Promise.all(connections.map((connection) => connection.remove()));
  }
  expect(places.size).toBe(starts);
}

/** tslab joins `ip:port` to the path of a socket. */
function bindLikeKernel(connection: Connection): Promise<Server[]> {
  const binds = portsOf(connection).map(
    (port) =>
      new Promise<Server>((resolve, reject) => {
        const server = createServer();
        server.once("error", reject);
        server.listen(`${connection.info.ip}:${port}`, () => resolve(server));
      }),
  );
  return Promise.all(binds);
}

const close = (server: Server) => new Promise((resolve) => server.close(resolve));
