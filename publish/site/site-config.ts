import process from "node:process";
import {z} from "zod";
import {PublishError} from "../errors.js";
import type {Storage} from "../storage/storage.js";

/** The file in a site's folder that a person may write. */
const configKey = "site.json";

const webAddress = z.url({protocol: /^https?$/});

const siteConfigSchema = z.strictObject({
  title: z.string().min(1).default("Notebook runs").describe("the heading of the index"),
  baseUrl: webAddress.optional().describe("where the site's folder is on the web"),
  columns: z
    .array(z.string())
    .default(["model"])
    .describe("parameters that have a column of their own in the index"),
});

/** What `site.json` says, completed with the defaults. */
export type SiteConfig = z.infer<typeof siteConfigSchema>;

/**
 * Reads `site.json`. The address comes from the caller, else from `RECKON_SITE_URL`, else from
 * the file.
 *
 * @throws PublishError `bad-parameter` for a file or an address that says nothing sensible
 */
export async function readSiteConfig(storage: Storage, baseUrl?: string): Promise<SiteConfig> {
  const text = (await storage.get(configKey))?.toString("utf8");
  const config = parseConfig(text ?? "{}", storage.address(configKey));
  const given = baseUrl ?? (process.env.RECKON_SITE_URL || undefined);
  if (given === undefined) return config;
  if (!webAddress.safeParse(given).success) {
    const expected = "expected an address like https://desk.example/pages";
    const message = `base URL: ${expected}, found "${given}"; mend --base-url or RECKON_SITE_URL`;
    throw new PublishError("bad-parameter", message);
  }
  return {...config, baseUrl: given};
}

function parseConfig(text: string, address: string): SiteConfig {
  try {
    return siteConfigSchema.parse(JSON.parse(text));
  } catch (cause) {
    const found =
      cause instanceof z.ZodError
        ? cause.issues.map(({path, message}) => `${path.join(".") || "it"}: ${message}`).join("; ")
        : (cause as Error).message;
    const expected = 'expected JSON like {"title": "…", "baseUrl": "https://…"}';
    const message = `${address}: ${expected}, found ${found}; mend or remove it`;
    throw new PublishError("bad-parameter", message, {cause});
  }
}
