import {z} from "zod";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const instant = z.iso.datetime();

const cellError = z.strictObject({
  ename: z.string(),
  evalue: z.string(),
  traceback: z.array(z.string()),
  line: z.int().nullable().describe("1-based, in the cell's own source"),
  column: z.int().nullable(),
  late: z.boolean().describe("failed on its own after the cell had started it"),
});

const cell = z.strictObject({
  index: z.int().describe("position among all cells, from 0, with the one that the run injected"),
  id: z.string(),
  name: z
    .string()
    .optional()
    .describe("what people read: its number from 1, without the injected one; not in old records"),
  title: z.string().describe("the nearest heading above"),
  tags: z.array(z.string()),
  status: z.enum([
    "ok",
    "failed",
    "timeout",
    "died",
    "incomplete",
    "interrupted",
    "not-run",
    "skipped",
    "not-code",
  ]),
  startedAt: instant.nullable(),
  endedAt: instant.nullable(),
  durationMs: z.int().nullable(),
  outputBytes: z.int().describe("size of the cell's outputs as JSON"),
  error: cellError.nullable(),
});

const parameter = z.strictObject({
  name: z.string(),
  type: z.string().describe("as TypeScript writes it"),
  comment: z.string(),
  value: z.unknown().optional().describe("absent for a secret, and where the default is code"),
  given: z.boolean().describe("false: the notebook's own default"),
  origin: z.string().describe("where the value comes from, for example the command line"),
  isSecret: z.boolean().optional(),
});

const artefact = z.strictObject({
  path: z.string().describe("inside the result folder"),
  bytes: z.int(),
  sha256,
  volatile: z.boolean().describe("holds times, so that equal runs differ in it"),
});

/** What `run.json` in a result folder says; `reckon notebook schema` prints it as JSON Schema. */
export const runRecordSchema = z.strictObject({
  schema: z.literal(1),
  runId: z.string().regex(/^[0-9a-f]{16}$/),
  name: z.string(),
  status: z.enum([
    "running",
    "ok",
    "cell-failed",
    "cell-timeout",
    "notebook-timeout",
    "kernel-died",
    "output-incomplete",
    "kernel-not-started",
    "interrupted",
    "render-failed",
    "publish-failed",
  ]),
  exitCode: z.int().nullable().describe("null while running, and after a runner that was killed"),
  startedAt: instant,
  durationMs: z.int().nullable(),
  notebook: z.strictObject({path: z.string(), sha256}),
  gitCommit: z.string().nullable(),
  gitDirty: z.boolean().nullable(),
  lockFileSha256: sha256.nullable(),
  parameters: z.array(parameter),
  cells: z.array(cell),
  failure: z
    .strictObject({
      cellIndex: z.int().nullable().describe("the cell's index; null where none is to blame"),
      message: z.string(),
      error: cellError.nullable(),
    })
    .nullable(),
  problems: z.array(z.string()).describe("what could not be shown or published"),
  results: z.record(z.string(), z.unknown()).describe("what the notebook handed back"),
  versions: z.record(z.string(), z.string()),
  platform: z.string(),
  host: z.string(),
  peakRssBytes: z.int().nullable().describe("largest resident set of the kernel"),
  artefacts: z.array(artefact),
  cachedFrom: z
    .strictObject({runId: z.string(), startedAt: instant})
    .optional()
    .describe("the run that this result is a copy of; nothing ran for it"),
  volatile: z.array(z.string()).describe("fields in which two equal runs may differ"),
});

/** `run.json`: all that a later reader may ask about one run. Nothing is of the environment. */
export type RunRecord = z.infer<typeof runRecordSchema>;

/** In these fields, and in artefacts marked so, two runs of the same work may differ. */
export const volatileFields: readonly string[] = [
  "runId",
  "startedAt",
  "durationMs",
  "host",
  "peakRssBytes",
  "cells[].startedAt",
  "cells[].endedAt",
  "cells[].durationMs",
];

/** JSON Schema (draft 2020-12) of `run.json`. */
export function runRecordJsonSchema(): Record<string, unknown> {
  return {title: "Reckon notebook run", ...z.toJSONSchema(runRecordSchema)};
}
