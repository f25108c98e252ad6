import {Console} from "node:console";
import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {Writable} from "node:stream";
import {format, inspect} from "node:util";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {formatConfig, withValue} from "../../src/config/config-tree.js";
import {maskUrl} from "../../src/config/mask-url.js";
import {applyOverrides, parseOverride} from "../../src/config/override.js";
import {parseSystemConfig} from "../../src/config/parse-system-config.js";
import {readSecret, Secret, secretVariable} from "../../src/config/secrets.js";
import {messageOf} from "../../src/errors.js";
import {c1} from "../../src/models/c1.js";
import {systemConfigOf} from "../../src/system/run/system-config-of.js";

const VALUE = "k3y-that-nobody-may-see";
let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "reckon-secrets-"));
});
afterAll(() => rmSync(dir, {recursive: true, force: true}));

/** The message of what `run` throws. */
function complaint(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return messageOf(error);
  }
  return "nothing was thrown";
}

describe("readSecret", () => {
  const name = "binance.preprod.trading.1";
  const variable = "RECKON_SECRET_BINANCE_PREPROD_TRADING_1";

  it("is in a variable named after it", () => {
    expect(secretVariable(name)).toBe(variable);
    expect(readSecret(name, {[variable]: VALUE}).reveal()).toBe(VALUE);
  });

  it("or in a file, whose last line break does not count", () => {
    const path = join(dir, "key");
    writeFileSync(path, ` ${VALUE}\n\n`);
    expect(readSecret(name, {[`${variable}_FILE`]: path}).reveal()).toBe(` ${VALUE}\n`);
  });

  const refused: [what: string, env: Record<string, string>, message: RegExp][] = [
    ["neither", {}, new RegExp(`secret ${name}: expected the variable ${variable}, or .*_FILE`)],
    ["both", {[variable]: VALUE, [`${variable}_FILE`]: "f"}, /expected .* or .*_FILE, found both/],
    ["an empty one", {[variable]: " "}, new RegExp(`environment ${variable}: expected a secret`)],
    ["no such file", {[`${variable}_FILE`]: "/nowhere/key"}, /readable file .* at \/nowhere\/key/],
  ];
  it.each(refused)("refuses %s without telling it", (_what, env, message) => {
    const told = complaint(() => readSecret(name, env));
    expect(told).toMatch(message);
    expect(told).not.toContain(VALUE);
  });
});

describe("a secret does not leak", () => {
  const secret = new Secret(VALUE);
  const shown: [how: string, text: () => string][] = [
    ["JSON", () => JSON.stringify({secret, list: [secret]}, null, 2)],
    ["a template", () => `${secret}`],
    ["joining", () => ["a", secret].join() + secret],
    ["console formats", () => format("%s %o %O %j", secret, secret, {secret}, secret)],
    ["inspection", () => inspect({secret}, {showHidden: true, depth: null, getters: true})],
    ["an error", () => inspect(new Error(`failed with ${secret}`, {cause: {secret}}))],
    ["its keys", () => JSON.stringify([Object.entries(secret), Reflect.ownKeys(secret)])],
    ["a copy", () => inspect([{...secret}, structuredClone(secret), Object.assign({}, secret)])],
  ];
  it.each(shown)("through %s", (_how, text) => {
    expect(text()).not.toContain(VALUE);
  });

  it("through a console", () => {
    let printed = "";
    const stdout = new Writable({
      write(chunk, _encoding, done) {
        printed += String(chunk);
        done();
      },
    });
    new Console({stdout}).log("shown", secret, {secret}, `${secret}`);
    expect(printed).toBe("shown *** { secret: *** } ***\n");
  });
});

describe("a config holds no secret", () => {
  const choices = {runMode: "simulation", exchange: "x", instrumentIds: ["A", "B"]} as const;
  const saved = JSON.parse(JSON.stringify(systemConfigOf(c1, choices)));
  const url = `postgres://desk:${VALUE}@host/db`;

  it("neither as a Secret nor as a URL with a password, and says so without it", () => {
    const held = withValue(saved, ["cf_config", "account"], new Secret(VALUE) as never);
    for (const config of [held, withValue(saved, ["cf_config", "account"], url)]) {
      const told = complaint(() => parseSystemConfig(config));
      expect(told).toMatch(
        /config cf_config.account: expected no secret.*secret_identifier_config/,
      );
      expect(told).not.toContain(VALUE);
    }
  });

  it("names one by exchange.stage.account_type.id, and does not repeat what is none", () => {
    const named = withValue(saved, ["secret_identifier_config"], "binance.preprod.trading.1");
    expect(parseSystemConfig(named).secret_identifier_config).toBe("binance.preprod.trading.1");
    const told = complaint(() =>
      parseSystemConfig(withValue(saved, ["secret_identifier_config"], VALUE)),
    );
    expect(told).toMatch(/expected exchange\.stage\.account_type\.id, such as .* not shown here/);
    expect(told).not.toContain(VALUE);
  });

  it("a URL is masked in what is told about an override and in what is printed", () => {
    const override = parseOverride(`nowhere.x=${url}`);
    const told = complaint(() => applyOverrides(saved, [override]));
    expect(told).toContain("postgres://desk:***@host/db");
    expect(told + formatConfig({url})).not.toContain(VALUE);
  });
});

describe("maskUrl", () => {
  it.each([
    ["postgres://u:p@h/d", "postgres://u:***@h/d"],
    ["see postgresql://:p@h and redis://u:q@h", "see postgresql://:***@h and redis://u:***@h"],
    ["https://h/x?token=abc&y=1", "https://h/x?token=***&y=1"],
    ["postgres://u@h:5432/d", "postgres://u@h:5432/d"],
    ["https://host:8080/path@x", "https://host:8080/path@x"],
    ["a: b@c", "a: b@c"],
    ["postgres://u:p/a?s#s@w@h/d", "postgres://u:***@h/d"],
    ["postgres://u:123@h/d", "postgres://u:***@h/d"],
  ])("%s", (text, masked) => {
    expect(maskUrl(text)).toBe(masked);
  });
});
