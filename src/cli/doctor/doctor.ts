import type {CommandModule} from "yargs";
import {type Finding, inspectMachine} from "./machine-checks.js";

const FLAGS = {
  "data-dir": {
    type: "string",
    default: "./reckon-data",
    describe: "where the market store and the embedded database live",
  },
  json: {type: "boolean", default: false, describe: "print one JSON document"},
} as const;

/** `reckon doctor`: what this machine lacks, each with its fix; exit code 1 when anything does. */
export const doctorCommand: CommandModule<object, {"data-dir": string; json: boolean}> = {
  builder: (flags) => flags.options(FLAGS),
  async handler(args) {
    const findings = await inspectMachine({dataDir: args["data-dir"]});
    process.stdout.write(args.json ? formatJson(findings) : formatFindings(findings));
    if (isLacking(findings)) {
      process.exitCode = 1;
    }
  },
};

function isLacking(findings: readonly Finding[]): boolean {
  return findings.some(({state}) => state === "missing");
}

/** `{"ok": boolean, "checks": Finding[]}`, indented. */
export function formatJson(findings: readonly Finding[]): string {
  return `${JSON.stringify({ok: !isLacking(findings), checks: findings}, null, 2)}\n`;
}

/** One line per check, the fix on a line of its own, the verdict last. */
export function formatFindings(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({name}) => name.length));
  const lines = findings.flatMap(({state, name, found, fix}) => [
    `${state.padEnd(14)}  ${name.padEnd(width)}  ${found}`,
    ...(fix === undefined ? [] : [`${" ".repeat(16)}fix: ${fix}`]),
  ]);
  const missing = findings.filter(({state}) => state === "missing").map(({name}) => name);
  const verdict =
    missing.length === 0
      ? "This machine has all that Reckon needs."
      : `Missing: ${missing.join(", ")}.`;
  return `${[...lines, "", verdict].join("\n")}\n`;
}
