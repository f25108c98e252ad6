import {ReckonError} from "../../errors.js";

const ORIGIN = /^(https?|wss?):\/\/[^/]*/;

/**
 * Every address in ccxt's nested table with its scheme and host replaced; paths stay, and what was
 * a websocket stays one.
 *
 * @param apiUrl the server's address as `http://127.0.0.1:8080`, with or without a path
 * @throws ReckonError `misuse` when it is none
 */
export function redirected(urls: unknown, apiUrl: string): unknown {
  const server = parseServer(apiUrl);
  const visit = (value: unknown): unknown => {
    if (typeof value === "object" && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, visit(part)]));
    }
    if (typeof value !== "string") {
      return value;
    }
    return value.replace(ORIGIN, (_origin, scheme: string) =>
      scheme.startsWith("ws") ? server.replace(/^http/, "ws") : server,
    );
  };
  return visit(urls);
}

function parseServer(apiUrl: string): string {
  if (!URL.canParse(apiUrl) || !/^https?:\/\//.test(apiUrl)) {
    throw new ReckonError("misuse", {
      place: "the exchange's address",
      expected: "an address such as http://127.0.0.1:8080",
      found: JSON.stringify(apiUrl),
    });
  }
  return apiUrl.replace(/\/+$/, "");
}
