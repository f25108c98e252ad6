import type {ServerResponse} from "node:http";
import {startTimer, type Timer} from "../../timers.js";

/** How often files are looked at while somebody looks at them. */
const lookEveryMs = 500;

/** How often a quiet connection says that it lives. */
const breatheEveryLooks = 30;

interface Client {
  readonly answer: ServerResponse;
  readonly path: string;
  version: string;
}

/** The open pages, each told when what it shows has changed. */
export class LiveClients {
  readonly #versionOf: (path: string) => string;
  readonly #clients = new Set<Client>();
  #timer: Timer | undefined;
  #looks = 0;

  /** @param versionOf changes whenever what is served at a path does */
  constructor(versionOf: (path: string) => string) {
    this.#versionOf = versionOf;
  }

  get size(): number {
    return this.#clients.size;
  }

  /** @param seen the version that the page shows, when it says so */
  add(answer: ServerResponse, {path, seen}: {path: string; seen: string | null}): void {
    const now = this.#versionOf(path);
    const client = {answer, path, version: seen === null || seen === "" ? now : seen};
    answer.writeHead(200, {"content-type": "text/event-stream", "cache-control": "no-store"});
    answer.write(`retry: 1000\nevent: version\ndata: ${now}\n\n`);
    answer.once("close", () => this.#clients.delete(client));
    this.#clients.add(client);
    this.#timer ??= startTimer(0, () => this.#look());
  }

  close(): void {
    this.#timer?.clear();
    this.#timer = undefined;
    for (const {answer} of this.#clients) answer.end();
    this.#clients.clear();
  }

  #look(): void {
    const versions = new Map<string, string>();
    const breathes = ++this.#looks % breatheEveryLooks === 0;
    for (const client of this.#clients) {
      const version = versions.get(client.path) ?? this.#versionOf(client.path);
      versions.set(client.path, version);
      if (version !== client.version) {
        client.version = version;
        client.answer.write(`event: changed\ndata: ${version}\n\n`);
      } else if (breathes) client.answer.write(": here\n\n");
    }
    this.#timer =
      this.#clients.size === 0 ? undefined : startTimer(lookEveryMs, () => this.#look());
  }
}
