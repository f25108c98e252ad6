import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {pictureFile} from "../../../publish/site/picture-file.js";
import type {PageFacts, PageToPublish} from "../../../publish/site/publish-page.js";

/** The moment of the first page; further ones count from it. */
export const firstRun = Date.UTC(2025, 8, 2, 0, 1, 12);

/** A page of one run; the content names it. */
export function samplePage(
  part: Partial<Omit<PageToPublish, "facts">> & {readonly facts?: Partial<PageFacts>} = {},
): PageToPublish {
  const at = part.at ?? firstRun;
  const facts: PageFacts = {
    notebook: "pnl",
    title: "PnL of the day",
    status: "ok",
    failure: null,
    runId: "0123456789abcdef",
    startedAt: at,
    durationMs: 3_200,
    parameters: [["model", "C1"]],
    ...part.facts,
  };
  const picture = pictureFile("01-pnl", Buffer.from(`picture of ${at}`));
  const html = `<!doctype html><p>${facts.notebook} ${at} ${facts.status}</p></html>`;
  const page = {html, assets: [picture], thumbnail: picture.key, at, ...part, facts};
  return page;
}

/** A folder for one test file. */
export function openFolder(): {readonly folder: string; remove(): void} {
  const folder = mkdtempSync(join(tmpdir(), "reckon-site-"));
  return {folder, remove: () => rmSync(folder, {recursive: true, force: true})};
}
