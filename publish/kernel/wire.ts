import {createHmac, randomUUID, timingSafeEqual} from "node:crypto";

/** One message of the Jupyter protocol 5.3, as far as a client of one kernel needs it. */
export interface Message {
  readonly type: string;
  /** Of the request that this message belongs to; empty when it belongs to none. */
  readonly parentId: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly content: Readonly<Record<string, unknown>>;
}

export interface Request {
  readonly id: string;
  readonly frames: readonly string[];
}

export interface RequestParts {
  readonly key: string;
  readonly session: string;
  readonly type: string;
  readonly content: Readonly<Record<string, unknown>>;
  /** ISO 8601. */
  readonly date: string;
}

const delimiter = "<IDS|MSG>";
const delimiterBytes = Buffer.from(delimiter);

/** A signed request, ready to send: delimiter, HMAC-SHA256, header, parent, metadata, content. */
export function packRequest({key, session, type, content, date}: RequestParts): Request {
  const id = randomUUID();
  const header = {msg_id: id, msg_type: type, session, username: "reckon", date, version: "5.3"};
  const body = [JSON.stringify(header), "{}", "{}", JSON.stringify(content)];
  return {id, frames: [delimiter, sign(key, body), ...body]};
}

/**
 * The message in these frames; undefined when they are no message of ours: no delimiter, too few
 * parts, a wrong signature, no JSON. Identities before the delimiter are passed over.
 */
export function unpackMessage(key: string, frames: readonly Buffer[]): Message | undefined {
  const start = frames.findIndex((frame) => frame.equals(delimiterBytes));
  const signature = frames[start + 1];
  const body = frames.slice(start + 2);
  if (start < 0 || signature === undefined || body.length < 4) {
    return undefined;
  }
  const wanted = Buffer.from(sign(key, body));
  if (wanted.length !== signature.length || !timingSafeEqual(wanted, signature)) {
    return undefined;
  }
  const [header, parent, metadata, content] = body.slice(0, 4).map(parseObject);
  const type = header?.msg_type;
  if (typeof type !== "string" || metadata === undefined || content === undefined) {
    return undefined;
  }
  const parentId = parent?.msg_id;
  return {type, parentId: typeof parentId === "string" ? parentId : "", metadata, content};
}

function sign(key: string, body: readonly (string | Buffer)[]): string {
  const hash = createHmac("sha256", key);
  for (const part of body) {
    hash.update(part);
  }
  return hash.digest("hex");
}

function parseObject(bytes: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString("utf8"));
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
