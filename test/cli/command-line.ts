import process from "node:process";
import {vi} from "vitest";
import {runCli} from "../../src/cli/run-cli.js";

/** What a command line printed and ended with. */
export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a `reckon` command line in this process and keeps what it prints. */
export async function reckon(...args: readonly string[]): Promise<CommandResult> {
  const printed = {stdout: "", stderr: ""};
  const spies = (["stdout", "stderr"] as const).map((name) =>
    vi.spyOn(process[name], "write").mockImplementation((chunk) => {
      printed[name] += String(chunk);
      return true;
    }),
  );
  const before = process.exitCode;
  process.exitCode = undefined;
  try {
    return {exitCode: await runCli(args), ...printed};
  } finally {
    process.exitCode = before;
    for (const spy of spies) {
      spy.mockRestore();
    }
  }
}
