import {publishNotebook} from "../../publish/result/publish-notebook.js";
import type {PublishRequest, PublishResult} from "../../publish/result/publish-request.js";
import {buildSite} from "../../publish/site/index/build-site.js";
import {withSite} from "../../publish/site/site.js";

/**
 * Runs and publishes a notebook, then makes the index of the site anew that its page went to.
 *
 * @throws PublishError as publishing a notebook and writing an index do
 */
export async function publishWithIndex(request: PublishRequest): Promise<PublishResult> {
  const result = await publishNotebook(request);
  if (request.publishTo !== undefined && result.published !== null) {
    await withSite(request.publishTo.site, buildSite);
  }
  return result;
}
