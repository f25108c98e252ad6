import {describe, expect, it} from "vitest";
import {commandsOf} from "../../src/cli/commands.js";

describe("the commands that a line loads", () => {
  it.each<[args: string[], loaded: string[], offered: number]>([
    [["--version"], [], 15],
    [["--help"], [], 15],
    [["stats", "--help"], ["stats <file>"], 1],
    [["stats", "doctor"], ["stats <file>"], 1],
    [["--verbose", "doctor"], ["doctor"], 15],
    [["doctr"], [], 15],
  ])("%j", async (args, loaded, offered) => {
    const commands = await commandsOf(args);
    const whole = commands.filter(({builder}) => builder !== undefined);
    expect(whole.map(({command}) => command)).toEqual(loaded);
    expect(commands).toHaveLength(offered);
  });

  it("are refused behind a --, where none would be run", async () => {
    for (const args of [
      ["--", "stats"],
      ["--verbose", "--", "run"],
    ]) {
      await expect(commandsOf(args)).rejects.toThrow("--: expected a command before it");
    }
    expect(await commandsOf(["stats", "--", "-x"])).toHaveLength(1);
  });
});
