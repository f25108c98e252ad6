import {createHmac} from "node:crypto";
import * as fc from "fast-check";
import {expect, it} from "vitest";
import {Publisher, Router} from "zeromq";
import {openChannels} from "../../../publish/kernel/channels.js";
import {createConnection} from "../../../publish/kernel/connection.js";
import {Exchange} from "../../../publish/kernel/exchange.js";
import type {KernelOutput} from "../../../publish/kernel/kernel-output.js";
import {type Message, unpackMessage} from "../../../publish/kernel/wire.js";
import {sleep} from "../../../publish/timers.js";

const key = "key of this kernel";
const delimiter = "<IDS|MSG>";
const request = "request-1";

const jsonText = fc.jsonValue().map((value) => JSON.stringify(value));
const types = fc.constantFrom(
  ...["stream", "status", "error", "display_data", "update_display_data", "execute_result"],
  ...["execute_reply", "kernel_info_reply", "clear_output", "", "constructor"],
);
const record = fc.constantFrom("{}", `{"msg_id": "${request}"}`, '{"msg_id": 7}', "[]", "null");
/** What a kernel might say, and what none would. */
const content = fc.oneof(
  fc.constant('{"execution_state": "idle"}'),
  fc.constant('{"status": "ok", "execution_count": 1}'),
  fc.constant('{"name": "stdout", "text": "a"}'),
  fc
    .record({
      name: fc.jsonValue(),
      text: fc.jsonValue(),
      data: fc.jsonValue(),
      metadata: fc.jsonValue(),
      transient: fc.jsonValue(),
      traceback: fc.jsonValue(),
      ename: fc.jsonValue(),
    })
    .map((value) => JSON.stringify(value)),
  jsonText,
);

const body = fc
  .tuple(types, record, fc.oneof(fc.constant("{}"), jsonText), content)
  .map(([type, parent, metadata, text]) => [`{"msg_type": "${type}"}`, parent, metadata, text]);

type Damage =
  | "none"
  | "unsigned"
  | "otherKey"
  | "swapped"
  | "truncated"
  | "cut"
  | "noDelimiter"
  | "noise"
  | "flipped";

interface Case {
  readonly frames: readonly Buffer[];
  /** Whether it is as a kernel with our key would send it. */
  readonly isGenuine: boolean;
}

function signed(parts: readonly string[], by = key): Buffer[] {
  const hash = createHmac("sha256", by);
  for (const part of parts) {
    hash.update(part);
  }
  return [delimiter, hash.digest("hex"), ...parts].map((part) => Buffer.from(part));
}

const damages: Readonly<Record<Damage, (parts: string[], at: number) => Buffer[]>> = {
  none: (parts) => signed(parts),
  unsigned: (parts) => signed(parts).map((frame, i) => (i === 1 ? Buffer.alloc(0) : frame)),
  otherKey: (parts) => signed(parts, "another key"),
  swapped: (parts) => {
    const [start, sum, header, parent, ...rest] = signed(parts);
    return [start, sum, parent, header, ...rest] as Buffer[];
  },
  truncated: (parts, at) => signed(parts).slice(0, at % 6),
  cut: (parts, at) => {
    const frames = signed(parts);
    const i = 1 + (at % 5);
    frames[i] = frames[i]?.subarray(0, -1) ?? Buffer.alloc(0);
    return frames;
  },
  noDelimiter: (parts) => signed(parts).slice(1),
  noise: (_parts, at) => Array.from({length: at % 9}, (_, i) => Buffer.alloc(i * at, at % 256)),
  flipped: (parts, at) => {
    const frames = signed(parts);
    const frame = frames[1 + (at % 5)] as Buffer;
    frame[at % frame.length] = (frame[at % frame.length] ?? 0) ^ 1;
    return frames;
  },
};

const oneCase: fc.Arbitrary<Case> = fc
  .tuple(fc.constantFrom(...(Object.keys(damages) as Damage[])), body, fc.nat(1000), fc.nat(2))
  .map(([damage, parts, at, ids]) => {
    const damaged = damages[damage](parts, at);
    // A delimiter among the identities ends them: such frames are nobody's.
    const before = Array.from({length: ids}, (_, i) => Buffer.from(`identity ${i}`));
    const isSame = Buffer.concat(damaged).equals(Buffer.concat(signed(parts)));
    return {frames: [...before, ...damaged], isGenuine: isSame};
  });

/** As channels and session treat what they read: by the request that it names. */
function receive(exchange: Exchange, message: Message): void {
  if (message.parentId === request) {
    message.type.endsWith("_reply") ? exchange.answer(message) : exchange.publish(message);
  }
}

const seed = Number(process.env.FUZZ_SEED ?? 20_250_901);

it("survives 10,000 frames that were damaged, repeated or out of order", () => {
  let count = 0;
  let accepted = 0;
  const batch = fc.array(oneCase, {minLength: 20, maxLength: 20});
  const repeats = fc.array(fc.nat(19), {minLength: 5, maxLength: 5});
  const property = fc.property(batch, repeats, (cases, again) => {
    const outputs: KernelOutput[] = [];
    const exchange = new Exchange((output) => outputs.push(output));
    for (const {frames, isGenuine} of [...cases, ...again.map((i) => cases[i] as Case)]) {
      count += 1;
      const message = unpackMessage(key, frames);
      if (message !== undefined) {
        expect(isGenuine).toBe(true);
        accepted += 1;
        receive(exchange, message);
      }
    }
    expect(outputs.every(isWellFormed)).toBe(true);
    exchange.close();
  });
  fc.assert(property, {seed, numRuns: 400});
  expect(count).toBe(10_000);
  // A client that accepts nothing would pass all of the above.
  expect(accepted, `seed ${seed}`).toBeGreaterThan(300);
  process.stdout.write(`protocol fuzz: seed ${seed}, ${count} cases, ${accepted} accepted\n`);
});

it("goes on listening on both sockets, whatever comes in", async () => {
  const connection = await createConnection("ipc");
  const {info} = connection;
  const [shell, iopub] = [
    new Router({linger: 0}),
    new Publisher({linger: 0, sendHighWaterMark: 0}),
  ];
  const heard = {replies: 0, published: [] as string[]};
  const isHeard = (type: string) => heard.published.at(-1) === type;
  const channels = await openChannels(info, {
    onReply: () => {
      heard.replies += 1;
    },
    onPublished: ({type}) => {
      heard.published.push(type);
    },
  });
  try {
    await Promise.all([
      shell.bind(`ipc://${info.ip}:${info.shell_port}`),
      iopub.bind(`ipc://${info.ip}:${info.iopub_port}`),
    ]);
    channels.request("kernel_info_request", {});
    const [client] = (await shell.receive()) as [Buffer];
    const last = (type: string) => signed([`{"msg_type": "${type}"}`, "{}", "{}", "{}"], info.key);
    while (!isHeard("joined")) {
      await iopub.send(last("joined"));
      await sleep(5);
    }
    const cases = fc.sample(oneCase, {seed, numRuns: 1000});
    for (const {frames} of cases) {
      await iopub.send(frames.length === 0 ? [""] : [...frames]);
      await shell.send([client, ...frames]);
    }
    await shell.send([client, ...last("execute_reply")]);
    await iopub.send(last("over"));
    while (!isHeard("over") || heard.replies === 0) {
      await sleep(5);
    }
    // These frames were signed with another kernel's key.
    expect(heard.replies).toBe(1);
    expect(new Set(heard.published)).toEqual(new Set(["joined", "over"]));
  } finally {
    channels.close();
    shell.close();
    iopub.close();
    await connection.remove();
  }
});

function isWellFormed(output: KernelOutput): boolean {
  switch (output.kind) {
    case "stream":
      return typeof output.text === "string" && /^std(out|err)$/.test(output.name);
    case "display":
      return [output.data, output.metadata].every(
        (part) => typeof part === "object" && part !== null && !Array.isArray(part),
      );
    case "error":
      return [output.ename, output.evalue, ...output.traceback].every(
        (text) => typeof text === "string",
      );
  }
}
