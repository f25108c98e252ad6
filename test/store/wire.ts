import {createServer, type Server, type Socket, connect as tcpConnect} from "node:net";

/** A stretch of network between a client and a server. */
export interface Wire {
  readonly port: number;
  /** Passes nothing on any more; connections stay open. */
  mute(): void;
  unmute(): void;
  /** Ends every connection. */
  cut(): void;
  /** Calls once when a client next sends something. */
  onNextRequest(then: () => void): void;
  close(): void;
}

/** A loopback port whose connections lead to another, and can be disturbed. */
export async function layWire(to: number): Promise<Wire> {
  const sockets = new Set<Socket>();
  let isMute = false;
  let onRequest: (() => void) | undefined;
  const server: Server = createServer((near) => {
    const far = tcpConnect(to, "127.0.0.1");
    const pass = (from: Socket, into: Socket) => {
      sockets.add(from);
      from.on("data", (data) => {
        if (!isMute) {
          into.write(data);
        }
        if (from === near) {
          onRequest?.();
          onRequest = undefined;
        }
      });
      from.on("error", () => into.destroy());
      from.on("close", () => {
        sockets.delete(from);
        into.destroy();
      });
    };
    pass(near, far);
    pass(far, near);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const cut = () => {
    for (const socket of sockets) {
      socket.destroy();
    }
  };
  return {
    port: (server.address() as {port: number}).port,
    mute: () => {
      isMute = true;
    },
    unmute: () => {
      isMute = false;
    },
    cut,
    onNextRequest: (then) => {
      onRequest = then;
    },
    close: () => {
      server.close();
      cut();
    },
  };
}
