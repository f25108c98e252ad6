import {afterEach, beforeEach, describe, expect, it, vi} from "vitest";
import {Exchange} from "../../../publish/kernel/exchange.js";
import type {KernelOutput} from "../../../publish/kernel/kernel-output.js";
import type {Message} from "../../../publish/kernel/wire.js";

const message = (type: string, content: Message["content"]): Message => {
  return {type, parentId: "1", metadata: {}, content};
};
const idle = message("status", {execution_state: "idle"});
const reply = message("execute_reply", {status: "ok"});
const text = message("stream", {name: "stdout", text: "a"});

beforeEach(() => {
  vi.useFakeTimers({toFake: ["setTimeout", "clearTimeout", "performance"]});
});
afterEach(() => {
  vi.useRealTimers();
});

/** An exchange with what it put out and whether it is over. */
function watch() {
  const outputs: KernelOutput[] = [];
  const exchange = new Exchange((output) => outputs.push(output));
  const state = {isOver: false};
  void exchange.settled.then(() => {
    state.isOver = true;
  });
  return {exchange, outputs, state};
}

describe("Exchange", () => {
  it.each([
    ["reply, then idle", ["reply", "idle"]],
    ["idle, then reply", ["idle", "reply"]],
  ])("is over at once after %s", async (_name, order) => {
    const {exchange, state} = watch();
    for (const one of order) {
      expect(state.isOver).toBe(false);
      one === "idle" ? exchange.publish(idle) : exchange.answer(reply);
    }
    await vi.advanceTimersByTimeAsync(0);
    expect(state.isOver).toBe(true);
    expect(exchange).toMatchObject({isIdle: true, reply});
  });

  it("does not wait for ever for an idle that never comes", async () => {
    const {exchange, state, outputs} = watch();
    exchange.answer(reply);
    for (let i = 0; i < 5; ++i) {
      await vi.advanceTimersByTimeAsync(1000);
      exchange.publish(text); // output that still flows puts the end off
    }
    expect(state.isOver).toBe(false);
    await vi.advanceTimersByTimeAsync(1600);
    expect(state.isOver).toBe(true);
    expect(exchange.isIdle).toBe(false);
    expect(outputs.length).toBe(5);
  });

  it("does not wait for ever for a reply that never comes", async () => {
    const {exchange, state} = watch();
    exchange.publish(idle);
    await vi.advanceTimersByTimeAsync(4900);
    expect(state.isOver).toBe(false);
    await vi.advanceTimersByTimeAsync(200);
    expect(state.isOver).toBe(true);
    expect(exchange.reply).toBeNull();
  });

  it("still hands on what comes after its end", () => {
    const {exchange, outputs} = watch();
    exchange.close();
    exchange.publish(text);
    expect(outputs).toEqual([{kind: "stream", name: "stdout", text: "a"}]);
  });
});
