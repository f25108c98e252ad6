import {inspect} from "node:util";
import * as fc from "fast-check";
import {describe, expect, it} from "vitest";
import type {Kernel} from "../../../../publish/kernel/kernel.js";
import type {KernelOutput} from "../../../../publish/kernel/kernel-output.js";
import {scrubbedKernel} from "../../../../publish/notebook/secrets/scrubbed-kernel.js";
import {Scrubber} from "../../../../publish/notebook/secrets/scrubber.js";

const secret = `a'b"c\\d<&>é/+ 7`;
const scrubber = new Scrubber([secret]);
const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("a scrubbed text", () => {
  const forms: [what: string, text: string][] = [
    ["itself", secret],
    ["JSON", JSON.stringify({secret})],
    ["JSON in JSON", JSON.stringify(JSON.stringify(secret))],
    ["console.log of an object", inspect({secret})],
    ["a part of a URL", encodeURIComponent(secret)],
    ["a form", String(new URLSearchParams({secret}))],
    ["HTML", "a&#39;b&quot;c\\d&lt;&amp;&gt;é/+ 7"],
    ["hexadecimal", Buffer.from(secret).toString("hex")],
    ["base64", base64(secret)],
    ["base64 after one byte", base64(`x${secret}y`)],
    ["base64 after two bytes", base64(`xx${secret}yy`)],
    ["base64url", Buffer.from(secret).toString("base64url")],
  ];
  it.each(forms)("hides %s", (_what, text) => {
    const clean = scrubber.text(`before ${text} after`);
    expect(clean).toMatch(/^before .*\[secret\].* after$/);
    expect(clean).not.toContain(text);
    expect(clean.replace(/\[secret\]/g, "").length).toBeLessThan(30);
  });

  it("hides every line of a secret of several lines", () => {
    const key = "-----BEGIN KEY-----\nMIIEvQIBADANBgkq\nAAAAB3NzaC1yc2E=\n-----END KEY-----\n";
    const clean = new Scrubber([key]).text(`1: MIIEvQIBADANBgkq\n${key}!`);
    expect(clean).toBe("1: [secret]\n[secret]!");
  });

  it("hides names and values anywhere in a value, and changes nothing else", () => {
    const value = {[secret]: [1, null, {a: `x${secret}`}], b: true};
    expect(scrubber.value(value)).toEqual({"[secret]": [1, null, {a: "x[secret]"}], b: true});
  });
});

const done = {status: "ok", executionCount: 1, outputComplete: true} as const;

/** What comes of a cell that puts these out, from a kernel that dies talking. */
async function through(secrets: readonly string[], outputs: readonly KernelOutput[]) {
  const error = {ename: "E", evalue: secrets.join(), traceback: [...secrets]};
  const kernel: Kernel = {
    pid: 1,
    startMs: 1,
    versions: {},
    ended: Promise.resolve("exit 1"),
    execute: async (_code, {onOutput}) => {
      outputs.forEach(onOutput);
      return {...done, error};
    },
    facts: async () => null,
    hear: () => {},
    rawTail: () => `core of ${secrets.join()}`,
    shutdown: async () => {},
  };
  const scrubbed = scrubbedKernel(kernel, new Scrubber(secrets));
  const seen: KernelOutput[] = [];
  const reply = await scrubbed.execute("1", {onOutput: (output) => seen.push(output)});
  return {seen, reply, tail: scrubbed.rawTail()};
}

const stream = (text: string, name: "stdout" | "stderr" = "stdout"): KernelOutput => {
  return {kind: "stream", name, text};
};
const textOf = (seen: readonly KernelOutput[], name: string) =>
  seen.flatMap((output) => (output.kind === "stream" && output.name === name ? output.text : []));

describe("a scrubbed kernel", () => {
  it("hides displays, errors and the words of its process", async () => {
    const display: KernelOutput = {
      kind: "display",
      data: {"text/html": `<b>${secret}</b>`},
      metadata: {},
      displayId: null,
      isUpdate: false,
    };
    const failure: KernelOutput = {
      kind: "error",
      ename: "E",
      evalue: secret,
      traceback: [`E: ${secret}`],
      line: 1,
      column: 2,
      late: false,
    };
    const all = await through([secret], [display, failure]);
    expect(all.seen).toEqual([
      {...display, data: {"text/html": "<b>[secret]</b>"}},
      {...failure, evalue: "[secret]", traceback: ["E: [secret]"]},
    ]);
    expect(all.reply.error?.traceback).toEqual(["[secret]"]);
    expect(all.tail).toBe("core of [secret]");
  });

  it("shows no secret, however a stream is cut into pieces", async () => {
    const secrets = ["abab-abab", "ababac"];
    const letters = fc.constantFrom("a", "b", "ab", "c", "-", "x\n", "abab-abab", "ababac");
    const texts = fc.array(letters, {maxLength: 12}).map((parts) => parts.join(""));
    const cuts = fc.array(fc.nat({max: 4}), {minLength: 1, maxLength: 6});
    await fc.assert(
      fc.asyncProperty(texts, cuts, async (text, sizes) => {
        const pieces: string[] = [];
        for (let at = 0, i = 0; at < text.length; ++i) {
          const size = 1 + (sizes[i % sizes.length] ?? 0);
          pieces.push(text.slice(at, at + size));
          at += size;
        }
        const mixed = pieces.flatMap((piece) => [stream(piece), stream("!", "stderr")]);
        const {seen} = await through(secrets, mixed);
        const shown = textOf(seen, "stdout").join("");
        for (const hidden of secrets) expect(shown).not.toContain(hidden);
        expect(shown).toBe(text.replace(/abab-abab|ababac/g, "[secret]"));
        expect(textOf(seen, "stderr").join("")).toBe("!".repeat(pieces.length));
      }),
      {seed: 7, numRuns: 1_000},
    );
  });
});
