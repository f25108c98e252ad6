import {existsSync, statSync} from "node:fs";
import {dirname} from "node:path";
import {describe, expect, it} from "vitest";
import {createConnection} from "../../../publish/kernel/connection.js";
import {expectNoClash, portsOf} from "./clash-free.js";

describe.skipIf(process.platform === "win32")("the sockets of kernels", () => {
  it("do not clash where many start at once", () => expectNoClash(50));

  it("are their owner's alone, and go away with the connection", async () => {
    const connection = await createConnection("ipc");
    const folder = dirname(connection.path);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(connection.path).mode & 0o777).toBe(0o600);
    await connection.remove();
    expect(existsSync(folder)).toBe(false);
  });
});

it("sockets that are ports differ", async () => {
  const connection = await createConnection("tcp");
  await connection.remove();
  expect(new Set(portsOf(connection)).size).toBe(5);
});
