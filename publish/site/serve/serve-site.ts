import {readFileSync, statSync} from "node:fs";
import {createServer, type IncomingMessage, type Server, type ServerResponse} from "node:http";
import type {AddressInfo} from "node:net";
import {join} from "node:path";
import {messageOf, PublishError} from "../../errors.js";
import {contentType} from "../../storage/content-type.js";
import {isS3Place} from "../../storage/s3-storage.js";
import {isSiteIndex} from "../index/build-site.js";
import {readEntries} from "../index/read-entries.js";
import {renderSiteIndex} from "../index/site-index.js";
import {assetsFolder} from "../picture-file.js";
import {withSite} from "../site.js";
import {entriesPrefix} from "../site-entry.js";
import {LiveClients} from "./live-clients.js";
import {livePage, livePath} from "./live-page.js";
import {servedFile} from "./served-file.js";

export interface ServeOptions {
  /** The site's folder. */
  readonly dir: string;
  /** 0 takes one that is free. */
  readonly port: number;
  /** Ends the serving. */
  readonly signal: AbortSignal;
  /** Called once it listens, with the address of the index. */
  readonly onListening: (address: string) => void;
}

/** Nobody but this machine is answered. */
const loopback = "127.0.0.1";

/**
 * Serves a site's folder to browsers on this machine, until the signal. The index is made of the
 * entries as they are; an open page shows its newer version as soon as there is one.
 *
 * @throws PublishError `bad-parameter` for a bucket, a folder that is none, a port that is taken
 */
export async function serveSite({dir, port, signal, onListening}: ServeOptions): Promise<void> {
  checkFolder(dir);
  const clients = new LiveClients((path) => versionOf(dir, path));
  const server = createServer((request, answer) => {
    handle({dir, clients, server}, request, answer).catch((error) => {
      if (!answer.headersSent) refuse(answer, 500, messageOf(error));
      else answer.destroy();
    });
  });
  await listen(server, port);
  try {
    onListening(`http://${loopback}:${(server.address() as AddressInfo).port}/`);
    await aborted(signal);
  } finally {
    clients.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

interface Serving {
  readonly dir: string;
  readonly clients: LiveClients;
  readonly server: Server;
}

async function handle(
  {dir, clients, server}: Serving,
  request: IncomingMessage,
  answer: ServerResponse,
): Promise<void> {
  if (!isOwnHost(request.headers.host, (server.address() as AddressInfo | null)?.port)) {
    return refuse(answer, 403, "asked under a name that is not this server's");
  }
  if (request.method !== "GET" && request.method !== "HEAD") {
    answer.setHeader("allow", "GET, HEAD");
    return refuse(answer, 405, "only GET and HEAD are answered");
  }
  const {pathname, query} = splitAddress(request.url ?? "/");
  if (pathname === livePath && request.method === "GET") {
    const asked = new URLSearchParams(query);
    return clients.add(answer, {path: asked.get("page") ?? "/", seen: asked.get("seen")});
  }
  const found = await contentAt(dir, pathname);
  if (found === undefined) return refuse(answer, 404, "there is no such page");
  answer.writeHead(200, {...headersOf(found), "content-length": found.bytes.length});
  answer.end(request.method === "HEAD" ? undefined : found.bytes);
}

interface Served {
  readonly bytes: Buffer;
  readonly type: string;
  readonly isImmutable: boolean;
}

async function contentAt(dir: string, pathname: string): Promise<Served | undefined> {
  const index = isIndex(pathname) ? await indexPage(dir) : undefined;
  const path = index === undefined ? servedFile(dir, pathname) : undefined;
  const bytes = index ?? (path === undefined ? undefined : readFileSync(path));
  if (bytes === undefined) return undefined;
  const type = contentType(path ?? "index.html");
  return {
    bytes: type.startsWith("text/html") ? Buffer.from(livePage(bytes.toString("utf8"))) : bytes,
    type,
    isImmutable: pathname.startsWith(`/${assetsFolder}`),
  };
}

/** Made anew each time, unless somebody put an index of their own there. */
async function indexPage(dir: string): Promise<Buffer> {
  const path = servedFile(dir, "/index.html");
  const own = path === undefined ? undefined : readFileSync(path);
  if (own !== undefined && !isSiteIndex(own)) return own;
  return await withSite({place: dir}, async ({storage, config}) => {
    const {entries} = await readEntries(storage);
    return Buffer.from(renderSiteIndex(entries, config));
  });
}

function isIndex(pathname: string): boolean {
  return pathname === "/" || pathname === "/index.html";
}

function versionOf(dir: string, pathname: string): string {
  const paths = isIndex(pathname)
    ? [join(dir, entriesPrefix), servedFile(dir, "/index.html")]
    : [servedFile(dir, pathname)];
  const versions = paths.map((path) => {
    const found = path === undefined ? undefined : statSync(path, {throwIfNoEntry: false});
    return found === undefined ? "none" : `${found.mtimeMs}-${found.size}-${found.ino}`;
  });
  return versions.join(" ");
}

/** A page of another name that points here would read what only this machine may. */
function isOwnHost(host: string | undefined, port: number | undefined): boolean {
  return host === `${loopback}:${port}` || host === `localhost:${port}`;
}

/** Not by `URL`, which resolves ways out of the folder before anybody can refuse them. */
function splitAddress(address: string): {pathname: string; query: string} {
  const [pathname = "/", query = ""] = address.split("?", 2);
  return {pathname, query};
}

function headersOf({type, isImmutable}: Served): Record<string, string> {
  return {
    "content-type": type,
    "cache-control": isImmutable ? "max-age=31536000, immutable" : "no-cache",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "DENY",
  };
}

function refuse(answer: ServerResponse, status: number, message: string): void {
  answer.writeHead(status, {"content-type": "text/plain; charset=utf-8"});
  answer.end(`${message}\n`);
}

function checkFolder(dir: string): void {
  const found = isS3Place(dir)
    ? "a bucket"
    : statSync(dir, {throwIfNoEntry: false})?.isDirectory() === true
      ? undefined
      : "none";
  if (found === undefined) return;
  const message = `${dir}: expected the folder of a site, found ${found}`;
  throw new PublishError("bad-parameter", `${message}; a bucket is served by its own web server`);
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const found = cause.code === "EADDRINUSE" ? "it taken" : cause.message;
      const message = `port ${port}: expected to listen on it, found ${found}; choose another`;
      reject(new PublishError("bad-parameter", message, {cause}));
    });
    server.listen(port, loopback, () => resolve());
  });
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), {once: true});
  });
}
