import {expect, it} from "vitest";
import {messageOf} from "../src/errors.js";

const circular: Record<string, unknown> = {};
circular.self = circular;

it.each([
  ["an error", new Error("no"), "no"],
  ["an object", {name: "ErrnoError", errno: 51}, '{"name":"ErrnoError","errno":51}'],
  ["an object that holds itself", circular, "[object Object]"],
  ["an object without any JSON", {toJSON: () => undefined}, "[object Object]"],
  ["a text", "no", "no"],
  ["nothing", undefined, "undefined"],
])("messageOf %s", (_what, thrown, message) => {
  expect(messageOf(thrown)).toBe(message);
});
