import {spawn} from "node:child_process";
import * as fs from "node:fs";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";
import {fileURLToPath} from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));

/** Installs what the small project needs without a registry, and notes that it was called. */
const NPM = `
import * as fs from "node:fs";
fs.appendFileSync("npm-calls.txt", process.argv.slice(2).join(" ") + "\\n");
if (fs.existsSync("no-network")) {
  console.error("npm error network unreachable");
  process.exit(3);
}
fs.rmSync("node_modules", {recursive: true, force: true});
fs.mkdirSync("node_modules/.bin", {recursive: true});
fs.symlinkSync(${JSON.stringify(join(root, "node_modules/typescript"))}, "node_modules/typescript");
const program = (path, code) => {
  fs.mkdirSync("node_modules/" + path.replace(/[^/]+$/, ""), {recursive: true});
  fs.writeFileSync("node_modules/" + path, code);
};
program("@biomejs/biome/bin/biome", "console.log('lint was silent')");
program("knip/bin/knip.js", "console.log('unused: a.ts'); process.exit(1)");
program("vitest/vitest.mjs", "console.log('vitest', ...process.argv.slice(2))");
fs.copyFileSync("package-lock.json", "node_modules/.package-lock.json");
`;

const MAIN = `#!/usr/bin/env node
process.on("SIGTERM", () => process.exit(5));
const [command, wait] = process.argv.slice(2);
console.log(process.argv.slice(2).join(" "));
if (wait === "wait") setInterval(() => {}, 1000);
else process.exitCode = command === "demo" ? 7 : 0;
`;

const OPTIONS = {
  target: "ES2022",
  module: "NodeNext",
  rootDir: ".",
  outDir: "dist",
  skipLibCheck: true,
  types: [],
  lib: ["ES2022"],
};

/** Writes a project that has the real set-up script, one source and a stand-in for npm. */
export function makeProject(): string {
  const folder = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), "reckon-set-up-test-")));
  write(folder, "npm-cli.js", NPM);
  write(folder, "package.json", JSON.stringify({name: "small", type: "module"}));
  writeLock(folder, "1.0.0");
  for (const name of ["tsconfig.json", "tsconfig.build.json"]) {
    const settings = {compilerOptions: OPTIONS, include: ["src", "publish"]};
    write(folder, name, JSON.stringify(settings));
  }
  const globals = "declare const process: any, console: any, setInterval: any;";
  write(folder, "src/globals.d.ts", globals);
  write(folder, "src/cli/main.ts", MAIN);
  write(folder, "publish/a.ts", "export const a = 1;");
  for (const name of ["set-up.mjs", "set-up"]) {
    fs.cpSync(join(root, "src/cli", name), join(folder, "src/cli", name), {recursive: true});
  }
  return folder;
}

/** A lockfile that wants one package, and one for another platform. */
export function writeLock(folder: string, version: string): void {
  const packages = {
    "": {name: "small"},
    "node_modules/knip": {version},
    "node_modules/other-platform": {version, optional: true},
  };
  write(folder, "package-lock.json", JSON.stringify({packages}));
}

export function write(folder: string, path: string, text: string): void {
  fs.mkdirSync(dirname(join(folder, path)), {recursive: true});
  fs.writeFileSync(join(folder, path), text);
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface NodeOptions {
  /** Sees the standard output as it comes. */
  readonly onOutput?: (text: string, pid: number) => void;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a Node program in the project. */
export function runNode(
  folder: string,
  args: readonly string[],
  {onOutput, env: added}: NodeOptions = {},
): Promise<Ended> {
  const env = {...process.env, npm_execpath: join(folder, "npm-cli.js"), ...added};
  const child = spawn(process.execPath, args, {cwd: folder, env});
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
    onOutput?.(stdout, child.pid as number);
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({code, stdout, stderr}));
  });
}
