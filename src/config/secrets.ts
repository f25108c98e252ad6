import {readFileSync} from "node:fs";
import {inspect} from "node:util";
import {messageOf, ReckonError} from "../errors.js";

/** Environment variables by name, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

const MASK = "***";

/**
 * A value that must not be seen: whatever prints, joins, saves or clones it gets `***` or nothing.
 * Only {@link Secret.reveal} gives it, for the one call that needs it.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself; hand it on at once and keep it nowhere. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  /** What `console.log` and error causes show. */
  [inspect.custom](): string {
    return MASK;
  }
}

/**
 * The variable that holds a secret: `binance.preprod.trading.1` is in
 * `RECKON_SECRET_BINANCE_PREPROD_TRADING_1`. Upper case; every other character than a letter or
 * digit becomes `_`.
 */
export function secretVariable(name: string): string {
  return `RECKON_SECRET_${name.toUpperCase().replace(/[^A-Z0-9]/g, "_")}`;
}

/**
 * A secret from its variable (see {@link secretVariable}), or from the file that the variable with
 * `_FILE` after its name points to; a line break at the end of the file does not count.
 *
 * @param name what the secret is of, for example the `secret_identifier_config` of a run:
 *   `exchange.stage.account_type.id`
 * @throws ReckonError `misuse` when neither or both are set, or it is empty; `bad-data` when the
 *   file cannot be read. No message holds the secret.
 */
export function readSecret(name: string, env: Environment): Secret {
  const variable = secretVariable(name);
  const secret = readGivenSecret(variable, env);
  if (secret === undefined) {
    throw new ReckonError("misuse", {
      place: `secret ${name}`,
      expected: `the variable ${variable}, or ${variable}_FILE with the path of a file`,
      found: "neither",
    });
  }
  return secret;
}

/**
 * What a variable holds, or the file that the variable with `_FILE` after its name points to;
 * undefined when neither is set. Errors as {@link readSecret}.
 */
export function readGivenSecret(variable: string, env: Environment): Secret | undefined {
  const [value, path] = [env[variable], env[`${variable}_FILE`]];
  if (value !== undefined && path !== undefined) {
    throw new ReckonError("misuse", {
      place: "environment",
      expected: `${variable} or ${variable}_FILE`,
      found: "both",
      fix: "unset one of them",
    });
  }
  if (path !== undefined) {
    return readSecretFile(path, `environment ${variable}_FILE`);
  }
  return value === undefined ? undefined : checkSecret(value, `environment ${variable}`);
}

/**
 * The secret that a file holds, without a line break at its end.
 *
 * @param place what names the file, for messages
 * @throws ReckonError as {@link readSecret}
 */
export function readSecretFile(path: string, place: string): Secret {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new ReckonError("bad-data", {
      place,
      expected: `a readable file with a secret at ${path}`,
      found: messageOf(cause),
    });
  }
  return checkSecret(text.replace(/\r?\n$/, ""), `${place}, file ${path}`);
}

function checkSecret(value: string, place: string): Secret {
  if (value.trim() === "") {
    throw new ReckonError("misuse", {place, expected: "a secret", found: "nothing"});
  }
  return new Secret(value);
}
