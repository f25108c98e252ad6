import {withFigurePainter} from "../../publish/render/picture/figure-painter.js";
import type {PublishRequest} from "../../publish/result/publish-request.js";

/** What the publishing of several notebooks shares. */
export type SharedPublishing = Pick<PublishRequest, "kernels" | "painter" | "signal">;

/**
 * Starts the browser beside all that comes before the first figure: these pages are never without
 * one. They share it, and a browser that is shared already stays.
 */
export function withBrowserAhead<T>(
  shared: SharedPublishing = {},
  use: (shared: SharedPublishing) => Promise<T>,
): Promise<T> {
  return withFigurePainter((own) => {
    const {painter = own} = shared;
    painter.warm();
    return use({...shared, painter});
  });
}
