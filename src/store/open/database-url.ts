import {ReckonError} from "../../errors.js";

/**
 * Checks the URL of a server.
 *
 * @throws ReckonError `misuse`; the message does not hold the password
 */
export function checkDatabaseUrl(text: string): string {
  const complain = (found: string, fix?: string): never => {
    throw new ReckonError("misuse", {
      place: "RECKON_DATABASE_URL",
      expected: "postgresql://user:password@host:port/database",
      found,
      ...(fix === undefined ? {} : {fix}),
    });
  };
  if (!URL.canParse(text)) {
    return complain(/^postgres(ql)?:\/\//.test(text) ? "a URL that is broken" : "no URL");
  }
  const {protocol, pathname, search, hash} = new URL(text);
  if (!["postgres:", "postgresql:"].includes(protocol)) {
    return complain(`the protocol ${protocol}`);
  }
  if (`${pathname}${search}${hash}`.includes("@")) {
    return complain(
      "an @ behind the host, as a password leaves it that is not encoded",
      "percent-encode the password: %40 for @, %2F for /, %3F for ?, %23 for #",
    );
  }
  return pathname.length > 1 ? text : complain("no name of a database at its end");
}
