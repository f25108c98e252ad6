import {z} from "zod";
import {runRecordSchema} from "../result/record/run-record-schema.js";

/** `unknown`: a page of which nobody says how its run ended. */
const status = z.enum([...runRecordSchema.shape.status.options, "unknown"]);

/** What a site knows of one page; a file of its own for each, so that no two writers meet. */
export const siteEntrySchema = z.strictObject({
  schema: z.literal(1),
  page: z.string().describe("key of the page"),
  notebook: z.string(),
  title: z.string(),
  tag: z.string().nullable(),
  status,
  failure: z.string().nullable().describe("why the run failed, in a sentence"),
  runId: z.string().nullable(),
  startedAt: z.iso.datetime(),
  durationMs: z.int().nullable(),
  publishedAt: z.iso.datetime(),
  parameters: z.array(z.tuple([z.string(), z.string()])).describe("name and value, as text"),
  thumbnail: z.string().nullable().describe("key of the first picture"),
  assets: z.array(z.string()).describe("keys of the files that the page needs"),
  bytes: z.int().describe("size of the page alone"),
});

export type SiteEntry = z.infer<typeof siteEntrySchema>;
export type EntryStatus = SiteEntry["status"];

/** All entries lie below. */
export const entriesPrefix = ".reckon/runs/";

export function entryKey(page: string): string {
  return `${entriesPrefix}${page.replace(/\.html$/, "")}.json`;
}

/**
 * The run is known to have gone well; it also did where only its publishing failed, since here it
 * is published.
 */
export function isSuccess(state: EntryStatus): boolean {
  return state === "ok" || state === "publish-failed";
}

/** Nothing says that the run failed. */
export function isNoFailure(state: EntryStatus): boolean {
  return isSuccess(state) || state === "unknown";
}
