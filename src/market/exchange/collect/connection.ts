import type {ExchangeClient} from "../exchange-client.js";

/** One socket of a ccxt exchange; what is needed to cut it. */
interface Socket {
  readonly url: string;
  error?: unknown;
  connection?: {terminate?(): void; on?(event: "error", listener: () => void): void} | undefined;
  createConnection(): void;
  reset(error: unknown): void;
}

interface LiveExchange {
  clients?: Record<string, Socket>;
  ohlcvs?: unknown;
}

/**
 * Cuts every websocket of a client at once, whatever state it is in; who waits for a message gets
 * the error. ccxt's own `close` waits up to 30 s for a peer that has gone silent.
 */
export function cutConnections(client: ExchangeClient, error: Error): void {
  const live = client as LiveExchange;
  for (const [url, socket] of Object.entries(live.clients ?? {})) {
    delete live.clients?.[url];
    // An error that is set beforehand keeps the close event from touching a successor.
    socket.error = error;
    socket.createConnection = () => undefined;
    socket.reset(error);
    socket.connection?.on?.("error", () => undefined);
    socket.connection?.terminate?.();
  }
  // A candle that was cut off half-way must not look like one that is over.
  live.ohlcvs = {};
}
