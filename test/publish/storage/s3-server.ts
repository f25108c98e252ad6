import {mkdtempSync, rmSync} from "node:fs";
import {createServer, type IncomingMessage, request, type ServerResponse} from "node:http";
import type {AddressInfo} from "node:net";
import {tmpdir} from "node:os";
import {join} from "node:path";
import S3rver from "s3rver";

/** What a faulty network or server does to a request; undefined lets it pass. */
export type Fault = (
  request: IncomingMessage,
  count: number,
) => "500" | "503" | "403" | "drop" | "hang" | undefined;

/** A real S3-speaking server on loopback, behind a door that can be made to fail. */
export interface S3Server {
  readonly bucket: string;
  /** Method and path of every request since the last call of `fault`. */
  readonly requests: {method: string; path: string; headers: IncomingMessage["headers"]}[];
  /** From now on; requests are counted from 1 anew. */
  fault(fault?: Fault): void;
  close(): Promise<void>;
}

/** Starts it, and points the AWS environment of this process there. */
export async function startS3Server(bucket = "desk-pages"): Promise<S3Server> {
  const directory = mkdtempSync(join(tmpdir(), "reckon-s3-"));
  const server = new S3rver({
    address: "127.0.0.1",
    port: 0,
    silent: true,
    directory,
    resetOnClose: false,
    configureBuckets: [{name: bucket, configs: []}],
  });
  const {port} = await server.run();
  const requests: S3Server["requests"] = [];
  let fault: Fault = () => undefined;
  const door = createServer((incoming, answer) => {
    const {method = "", url = "", headers} = incoming;
    requests.push({method, path: url, headers});
    fail(fault(incoming, requests.length), incoming, answer) || pass(incoming, answer, port);
  });
  await new Promise<void>((resolve) => door.listen(0, "127.0.0.1", resolve));
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${(door.address() as AddressInfo).port}`,
    AWS_ACCESS_KEY_ID: "S3RVER",
    AWS_SECRET_ACCESS_KEY: "S3RVER",
    AWS_CONFIG_FILE: join(directory, "config"),
    AWS_SHARED_CREDENTIALS_FILE: join(directory, "credentials"),
  });
  return {
    bucket,
    requests,
    fault: (next = () => undefined) => {
      fault = next;
      requests.length = 0;
    },
    close: async () => {
      door.closeAllConnections();
      await new Promise((resolve) => door.close(resolve));
      await server.close();
      rmSync(directory, {recursive: true, force: true});
    },
  };
}

function fail(kind: ReturnType<Fault>, incoming: IncomingMessage, answer: ServerResponse): boolean {
  if (kind === undefined) return false;
  incoming.resume();
  if (kind === "drop") incoming.socket.destroy();
  else if (kind !== "hang") {
    const code = {"403": "AccessDenied", "500": "InternalError", "503": "SlowDown"}[kind];
    answer.writeHead(Number(kind), {"content-type": "application/xml"});
    answer.end(`<Error><Code>${code}</Code><Message>as asked</Message></Error>`);
  }
  return true;
}

function pass(incoming: IncomingMessage, answer: ServerResponse, port: number): void {
  const {method, url, headers} = incoming;
  const onward = request({host: "127.0.0.1", port, method, path: url, headers}, (reply) => {
    answer.writeHead(reply.statusCode ?? 502, reply.headers);
    reply.pipe(answer);
  });
  onward.on("error", () => answer.destroy());
  incoming.pipe(onward);
}
