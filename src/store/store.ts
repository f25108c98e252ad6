import type {Clock} from "../time/clock.js";

/** An open SQL store. */
export interface Store {
  readonly kind: "postgres" | "pglite";
  /** Where it is, for people; without a password. */
  readonly place: string;
  /** Ends every connection and gives the folder free; again is harmless. */
  close(): Promise<void>;
}

/** Which store: a server by its URL, else the embedded database in `{dataDir}/sql`. */
export interface StoreChoice {
  /** `postgresql://user:password@host:port/database`. */
  readonly databaseUrl?: string | undefined;
  readonly dataDir: string;
}

/** How a store is opened; every setting may be left out. */
export interface OpenOptions {
  /**
   * What to do with a schema older than this version. The embedded database is brought up to date
   * by default, a server is refused: `reckon store migrate` does it.
   */
  readonly pending?: "apply" | "refuse" | "leave";
  /** Called when an idle connection was lost; the next query opens another. */
  readonly onLostConnection?: (error: Error) => void;
  /** Longest time of one statement; 60 s when left out, 0 for no limit. */
  readonly statementTimeoutMs?: number;
  readonly clock?: Clock;
  /**
   * How long a server that does not answer yet is waited for, milliseconds; not at all where left
   * out.
   */
  readonly patienceMs?: number;
  /** Told once that a server is waited for. */
  readonly onWaiting?: (reason: string) => void;
  /** Ends that wait. */
  readonly signal?: AbortSignal;
}
