import {nowMs} from "../timers.js";
import type {ConnectionInfo} from "./connection.js";
import {type Message, packRequest, unpackMessage} from "./wire.js";

/** The sockets of one client of one kernel. */
export interface Channels {
  /** Sends a request on the shell channel; its id is known before anything can answer it. */
  request(type: string, content: Readonly<Record<string, unknown>>): string;
  /** Settles when the kernel's end of what it publishes is closed: all that it sent has arrived. */
  readonly hungUp: Promise<void>;
  close(): void;
}

export interface ChannelEvents {
  /** A reply, from the shell channel. */
  onReply(message: Message): void;
  /** Anything published: output, status. */
  onPublished(message: Message): void;
}

/** Connects to a kernel, which need not be there yet. */
export async function openChannels(info: ConnectionInfo, events: ChannelEvents): Promise<Channels> {
  // A machine without the native library can still do all that needs no kernel.
  const {Dealer, Subscriber} = await import("zeromq");
  // No high-water mark: a slow client must delay output, never lose it.
  const limits = {receiveHighWaterMark: 0, linger: 0, reconnectInterval: 20};
  const shell = new Dealer({...limits, sendHighWaterMark: 0});
  const iopub = new Subscriber(limits);
  const hungUp = new Promise<void>((resolve) => {
    iopub.events.on("disconnect", () => resolve());
  });
  const address = (port: number) => `${info.transport}://${info.ip}:${port}`;
  iopub.connect(address(info.iopub_port));
  iopub.subscribe();
  shell.connect(address(info.shell_port));
  void receive(iopub, info.key, events.onPublished);
  void receive(shell, info.key, events.onReply);
  const session = info.key;
  return {
    request: (type, content) => {
      const date = new Date(nowMs()).toISOString();
      const {id, frames} = packRequest({key: info.key, session, type, content, date});
      // A kernel that went away shows as its process's end; a request to it may fail quietly.
      shell.send([...frames]).catch(() => {});
      return id;
    },
    hungUp,
    close: () => {
      shell.close();
      iopub.close();
    },
  };
}

/** Reads until the socket is closed; frames that are no signed message are dropped. */
async function receive(
  socket: AsyncIterable<Buffer[]> & {readonly closed: boolean},
  key: string,
  handle: (message: Message) => void,
): Promise<void> {
  try {
    for await (const frames of socket) {
      const message = unpackMessage(key, frames);
      if (message !== undefined) {
        handle(message);
      }
    }
  } catch (error) {
    // Closing a socket ends its wait with an error.
    if (!socket.closed) {
      throw error;
    }
  }
}
