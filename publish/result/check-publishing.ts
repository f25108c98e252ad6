import {checkTag, stableName} from "../site/page-names.js";
import {openStorage} from "../storage/open-storage.js";
import type {SitePublishing} from "./publish-request.js";

/**
 * Refuses what no site could do, before anything runs; asks no server.
 *
 * @throws PublishError `bad-parameter`
 */
export function checkPublishing(publishing: SitePublishing | undefined): void {
  if (publishing === undefined) return;
  checkTag(publishing.tag);
  for (const name of publishing.stableNames ?? []) stableName(name);
  openStorage(publishing.site.place).close();
}
