import {existsSync} from "node:fs";
import {readFile} from "node:fs/promises";
import {basename, dirname, join} from "node:path";
import {sha256} from "../../sha256.js";
import {writeWhole} from "../../whole-file.js";
import {type RunRecord, runRecordSchema} from "./run-record-schema.js";

/** `run.json` beside the file, when it lists the file with the content that it has now. */
export async function recordOf(path: string, content: Buffer): Promise<RunRecord | undefined> {
  const beside = join(dirname(path), "run.json");
  if (!existsSync(beside)) return undefined;
  try {
    const record = runRecordSchema.parse(JSON.parse(await readFile(beside, "utf8")));
    return lists(record, basename(path), content) ? record : undefined;
  } catch {
    return undefined; // a record that cannot be read proves nothing
  }
}

/**
 * Adds the links of a page that was published after its run to `run_notebook.{i}.html.log` beside
 * it, each once, and tells the record of that. A file that no record lists has no log: nothing
 * happens then.
 *
 * @throws PublishError `write-failed`
 */
export async function storeLinks(path: string, links: readonly string[]): Promise<void> {
  const record = await recordOf(path, await readFile(path));
  const log = record?.artefacts.find((file) => /^run_notebook\.\d+\.html\.log$/.test(file.path));
  if (record === undefined || log === undefined) return;
  const logPath = join(dirname(path), log.path);
  const stored = existsSync(logPath) ? await readFile(logPath, "utf8") : "";
  const lines = new Set([...stored.split("\n").filter((line) => line !== ""), ...links]);
  const text = `${[...lines].join("\n")}\n`;
  if (text === stored) return;
  await writeWhole(logPath, text);
  const changed = {...log, bytes: Buffer.byteLength(text), sha256: sha256(text)};
  const artefacts = record.artefacts.map((file) => (file === log ? changed : file));
  const told = `${JSON.stringify({...record, artefacts}, null, 2)}\n`;
  await writeWhole(join(dirname(path), "run.json"), told);
}

function lists({artefacts}: RunRecord, name: string, content: Buffer): boolean {
  const hash = sha256(content);
  return artefacts.some((file) => file.path === name && file.sha256 === hash);
}
