import {createHmac} from "node:crypto";
import * as fc from "fast-check";
import {describe, expect, it} from "vitest";
import {packRequest, unpackMessage} from "../../../publish/kernel/wire.js";

const key = "secret";
const date = "2025-09-01T00:00:00.000Z";

const bytes = (frames: readonly string[]) => frames.map((frame) => Buffer.from(frame));

function signed(body: readonly string[]): Buffer[] {
  const hmac = createHmac("sha256", key);
  for (const part of body) {
    hmac.update(part);
  }
  return bytes(["<IDS|MSG>", hmac.digest("hex"), ...body]);
}

describe("unpackMessage", () => {
  it("reads what packRequest wrote, whatever stands before the delimiter", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.array(fc.string()),
        (value, ids) => {
          const content = JSON.parse(JSON.stringify(value)) as Record<string, unknown>;
          const {frames} = packRequest({key, session: "s", type: "execute_request", content, date});
          const before = ids.filter((id) => id !== "<IDS|MSG>");
          const message = unpackMessage(key, bytes([...before, ...frames]));
          expect(message).toEqual({type: "execute_request", parentId: "", metadata: {}, content});
        },
      ),
      {seed: 1, numRuns: 200},
    );
  });

  it("names the request that a message belongs to", () => {
    const body = [
      '{"msg_type": "status"}',
      '{"msg_id": "abc"}',
      "{}",
      '{"execution_state": "idle"}',
    ];
    expect(unpackMessage(key, signed(body))).toMatchObject({type: "status", parentId: "abc"});
  });

  const malformed: [name: string, frames: Buffer[]][] = [
    ["nothing", []],
    ["no delimiter", bytes(["a", "b", "{}", "{}", "{}", "{}"])],
    ["too few parts", signed(['{"msg_type": "a"}', "{}", "{}"])],
    [
      "a wrong signature",
      bytes(["<IDS|MSG>", "0".repeat(64), '{"msg_type": "a"}', "{}", "{}", "{}"]),
    ],
    ["a short signature", bytes(["<IDS|MSG>", "0", '{"msg_type": "a"}', "{}", "{}", "{}"])],
    ["a header that is no JSON", signed(["{", "{}", "{}", "{}"])],
    ["a header without a type", signed(["{}", "{}", "{}", "{}"])],
    ["content that is a list", signed(['{"msg_type": "a"}', "{}", "{}", "[]"])],
  ];
  it.each(malformed)("drops %s", (_name, frames) => {
    expect(unpackMessage(key, frames)).toBeUndefined();
  });

  it("never throws and never trusts unsigned frames", () => {
    const frame = fc.oneof(fc.constant("<IDS|MSG>"), fc.string(), fc.json());
    fc.assert(
      fc.property(fc.array(frame, {maxLength: 8}), (frames) => {
        expect(unpackMessage(key, bytes(frames))).toBeUndefined();
      }),
      {seed: 2, numRuns: 2000},
    );
  });
});
