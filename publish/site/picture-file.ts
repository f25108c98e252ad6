import {shortSha256} from "../sha256.js";
import {encodeName} from "../storage/storage-key.js";
import type {SharedFile} from "./publish-page.js";

/** Where the files are that pages share, as a page sees it. */
export const assetsFolder = "assets/";

/** A PNG as a file that several pages may show: `assets/01-net-pnl.0123456789abcdef.png`. */
export function pictureFile(stem: string, content: Uint8Array): SharedFile {
  const hash = shortSha256(content);
  return {key: `${assetsFolder}${encodeName(stem)}.${hash}.png`, content};
}
