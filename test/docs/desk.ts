import {spawn} from "node:child_process";
import * as fs from "node:fs";
import {tmpdir} from "node:os";
import {delimiter, join} from "node:path";
import ts from "typescript";

const deadlineMs = 240_000;

/** What a program printed, and how it ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  /** Both streams, as a person sees them. */
  readonly output: string;
}

/**
 * A folder as a user of the package has it: `reckon` is installed there, `../shared` stands beside
 * it where there is one, and nothing may come from the network.
 */
export class Desk {
  readonly folder: string;
  readonly #top: string;

  constructor(private readonly root: string) {
    this.#top = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), "reckon-readme-")));
    this.folder = join(this.#top, "desk");
    const modules = join(this.folder, "node_modules");
    fs.mkdirSync(join(modules, ".bin"), {recursive: true});
    fs.symlinkSync(root, join(modules, "reckon"), "dir");
    fs.symlinkSync(join(root, "dist/src/cli/main.js"), join(modules, ".bin/reckon"));
    fs.writeFileSync(join(this.folder, "package.json"), '{"type": "module"}\n');
    fs.cpSync(join(root, "notebooks"), join(this.folder, "notebooks"), {recursive: true});
    const shared = join(root, "../shared");
    if (fs.existsSync(shared)) {
      fs.symlinkSync(shared, join(this.#top, "shared"), "dir");
    }
  }

  remove(): void {
    fs.rmSync(this.#top, {recursive: true, force: true});
  }

  /**
   * Runs a shell block; the first command that fails ends it. What one exports the next ones see,
   * as in one terminal.
   */
  runShell(code: string): Promise<Ended> {
    const before = 'if [ -f "$KEPT" ]; then . "$KEPT"; fi; trap \'export -p > "$KEPT"\' EXIT';
    return this.#run("bash", ["-euo", "pipefail", "-c", `${before}\n${code}`]);
  }

  /** Checks and compiles a ts block, then runs it; a type error ends with code 2. */
  async runTypeScript(code: string, name: string): Promise<Ended> {
    const file = join(this.folder, `${name}.ts`);
    fs.writeFileSync(file, code);
    const program = ts.createProgram([file], {
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      target: ts.ScriptTarget.ES2022,
      types: ["node"],
      typeRoots: [join(this.root, "node_modules/@types")],
      strict: true,
      skipLibCheck: true,
    });
    const {diagnostics} = program.emit();
    const errors = [...ts.getPreEmitDiagnostics(program), ...diagnostics].map(({messageText}) =>
      ts.flattenDiagnosticMessageText(messageText, "\n"),
    );
    return errors.length > 0
      ? {code: 2, stdout: "", output: errors.join("\n")}
      : this.#run(process.execPath, [join(this.folder, `${name}.js`)]);
  }

  #run(command: string, args: readonly string[]): Promise<Ended> {
    const bins = [join(this.folder, "node_modules/.bin"), join(this.root, "node_modules/.bin")];
    const env = {
      ...process.env,
      PATH: [...bins, process.env.PATH ?? ""].join(delimiter),
      KEPT: join(this.#top, "exported.sh"),
      npm_config_offline: "true",
      npm_config_yes: "false",
      npm_config_update_notifier: "false",
    };
    // A group of its own, so that the deadline ends what the block started, too.
    const child = spawn(command, args, {cwd: this.folder, env, detached: true});
    const timer = setTimeout(() => process.kill(-(child.pid as number), "SIGKILL"), deadlineMs);
    let [stdout, output] = ["", ""];
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
      output += chunk;
    });
    child.stderr.on("data", (chunk) => {
      output += chunk;
    });
    return new Promise<Ended>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => resolve({code, stdout, output}));
    }).finally(() => clearTimeout(timer));
  }
}
