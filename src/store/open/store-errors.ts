import {messageOf, ReckonError} from "../../errors.js";

/** Codes of PostgreSQL and of the system that mean: not now, perhaps in a moment. */
const PASSING = new Set([
  "57P01", // the administrator ended the session
  "57P02", // the server crashed
  "57P03", // the server is starting up or shutting down
  "53300", // too many connections
  "40001", // serialization failure
  "40P01", // deadlock
  "ECONNREFUSED",
  "ECONNRESET",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "ENETUNREACH",
  "ENETDOWN",
  "EHOSTUNREACH",
  "EHOSTDOWN",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ENOENT", // the socket file of a server that is down
]);

/** Messages of the client for a connection that broke; they carry no code. */
const PASSING_TEXTS = [
  "connection terminated",
  "terminating connection",
  "timeout exceeded when trying to connect",
  "query read timeout",
  "not queryable",
  "connection error",
  "connection timeout",
];

/** `code` of an error, where it has one; several addresses tried count as the first. */
export function errorCode(error: unknown): string | undefined {
  const own = (error as {code?: unknown} | undefined)?.code;
  if (typeof own === "string") {
    return own;
  }
  return error instanceof AggregateError ? errorCode(error.errors[0]) : undefined;
}

/** What an error says; several addresses tried say what each did. */
export function errorText(error: unknown): string {
  return error instanceof AggregateError && error.errors.length > 0
    ? [...new Set(error.errors.map(messageOf))].join(", ")
    : messageOf(error);
}

/** True when the database could not be reached or broke off, so that trying again makes sense. */
export function isConnectionError(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    const code = errorCode(at);
    if (code !== undefined && (PASSING.has(code) || /^08/.test(code))) {
      return true;
    }
    const text = at instanceof ReckonError ? "" : at.message.toLowerCase();
    if (PASSING_TEXTS.some((passing) => text.includes(passing))) {
      return true;
    }
  }
  return false;
}

/** Why a server's database could not be opened, with what to do about it. */
export function openingError(cause: unknown, place: string): ReckonError {
  const code = errorCode(cause) ?? "";
  const found = errorText(cause);
  const options = {cause};
  if (["28P01", "28000"].includes(code) || /password|SASL|SCRAM/i.test(found)) {
    const fix = "correct the user and password in RECKON_DATABASE_URL";
    return new ReckonError(
      "misuse",
      {place, expected: "credentials the server takes", found, fix},
      options,
    );
  }
  if (code === "3D000") {
    const fix = "create it (`createdb NAME`), or correct RECKON_DATABASE_URL";
    return new ReckonError(
      "misuse",
      {place, expected: "an existing database", found, fix},
      options,
    );
  }
  if (isConnectionError(cause)) {
    const fix = "start the server, or correct the host and port in RECKON_DATABASE_URL";
    return new ReckonError(
      "failed",
      {place, expected: "a PostgreSQL server that answers", found, fix},
      options,
    );
  }
  return new ReckonError("failed", {place, expected: "to open the database", found}, options);
}
