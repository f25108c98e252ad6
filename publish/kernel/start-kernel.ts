import {monotonicMs, sleep, startTimer} from "../timers.js";
import {openChannels} from "./channels.js";
import {type Connection, createConnection} from "./connection.js";
import type {Exchange} from "./exchange.js";
import type {KernelOptions} from "./kernel.js";
import {spawnKernel} from "./kernel-process.js";
import {KernelSession} from "./kernel-session.js";

interface StartOptions extends KernelOptions {
  readonly transport: "ipc" | "tcp";
}

const defaultStartMs = 30_000;
/** How often the kernel is asked again until it is heard on both channels. */
const askAgainMs = 20;

/**
 * One attempt to start a kernel: ready when it has answered and was heard publishing, since a
 * subscription that is not yet there loses what is published (the "slow joiner"). Returns the
 * reason when it did not start; then nothing of it is left.
 */
export async function startKernel(options: StartOptions): Promise<KernelSession | string> {
  const startedMs = monotonicMs();
  let connection: Connection | undefined;
  try {
    connection = await createConnection(options.transport);
    return await startOn(await openKernel(connection, startedMs, options), options);
  } catch (error) {
    // No folder for the sockets, no native library: another kernel would not fare better.
    await connection?.remove();
    return error instanceof Error ? error.message : String(error);
  }
}

async function startOn(
  session: KernelSession,
  options: StartOptions,
): Promise<KernelSession | string> {
  const failure = await handshake(session, options);
  if (failure === null) {
    return session;
  }
  await session.kill();
  const tail = session.rawTail().trim();
  return tail === "" ? failure : `${failure}; the kernel wrote:\n${tail}`;
}

/** Sockets first: when there can be none, there shall be no process. */
async function openKernel(connection: Connection, startedMs: number, options: StartOptions) {
  const exchanges = new Map<string, Exchange>();
  const heard = {publishing: false};
  const channels = await openChannels(connection.info, {
    onReply: (message) => exchanges.get(message.parentId)?.answer(message),
    onPublished: (message) => {
      heard.publishing = true;
      exchanges.get(message.parentId)?.publish(message);
    },
  });
  const process = spawnKernel({
    connectionPath: connection.path,
    cwd: options.cwd,
    env: {...globalThis.process.env, ...options.env},
  });
  return new KernelSession({process, connection, channels, exchanges, heard, startedMs});
}

/** Null when the kernel is there, else the reason why it is not. */
async function handshake(session: KernelSession, options: StartOptions): Promise<string | null> {
  const {startMs = defaultStartMs, signal} = options;
  const late = `it did not answer within ${startMs} ms`;
  let onAbort = () => {};
  const stop = new Promise<string>((resolve) => {
    session.ended.then((how) => resolve(`it ended (${how}) before it answered`));
    onAbort = () => resolve("interrupted");
    signal?.addEventListener("abort", onAbort, {once: true});
    if (signal?.aborted === true) {
      onAbort();
    }
  });
  let isOver = false;
  const answers = async () => {
    // Asked again also before the first answer: now and then zeromq.js 6.8 misses that a socket has
    // become writable until it is used once more, and a start then takes 1.5 s longer.
    const heard: {first?: Exchange} = {};
    const ask = async () => {
      const answer = await session.ask();
      heard.first ??= answer;
    };
    while (!(heard.first !== undefined && session.isHeard) && !isOver) {
      await Promise.race([ask(), sleep(askAgainMs)]);
    }
    if (heard.first !== undefined) session.ready(heard.first);
    return null;
  };
  let timer: ReturnType<typeof startTimer> | undefined;
  const deadline = new Promise<string>((resolve) => {
    timer = startTimer(startMs, () => resolve(late));
  });
  try {
    return await Promise.race([answers(), stop, deadline]);
  } finally {
    isOver = true;
    timer?.clear();
    signal?.removeEventListener("abort", onAbort);
  }
}
