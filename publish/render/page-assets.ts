import {shortSha256} from "../sha256.js";

/**
 * A file that a page refers to. Its name holds a hash of its content: pages may share it, and
 * whoever serves it may let browsers keep it for ever.
 */
export interface PageFile {
  /** `plotly.1f0c9a3b5d7e2f46.js`; no folders. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly contentType: string;
}

/** Puts what is large into files beside the page. */
export interface PageShare {
  /** The folder of these files as the page sees it, with a slash at its end: `assets/`. */
  readonly base: string;
}

/** One thing that a page needs, as it stands. */
export interface Asset {
  /** What the file is called, without hash and ending. */
  readonly stem: string;
  readonly type: string; // MIME type
  readonly content: Uint8Array;
}

/**
 * The types that may stand in a file of their own. An SVG is none of them: opened by itself it is a
 * document that runs its scripts.
 */
const endings: Readonly<Record<string, string>> = {
  "text/javascript": "js",
  "text/css": "css",
  "image/png": "png",
  "image/jpeg": "jpg",
  "image/gif": "gif",
  "image/webp": "webp",
};

/** Less than this costs more as a file. */
const leastBytes = 4_096;

/** Where a page's large parts go: into the page or, where it shares them, into files. */
export class PageAssets {
  readonly #share: PageShare | undefined;
  readonly #files = new Map<string, PageFile>();

  constructor(share?: PageShare) {
    this.#share = share;
  }

  get isShared(): boolean {
    return this.#share !== undefined;
  }

  get files(): readonly PageFile[] {
    return [...this.#files.values()];
  }

  /** The address of a picture: of its file, or one that holds all of it. */
  picture(asset: Asset): string {
    const isFile = asset.content.length >= leastBytes && asset.type in endings;
    return isFile && this.isShared ? this.file(asset) : dataAddress(asset);
  }

  /** The address of a file beside the page. */
  file({stem, type, content}: Asset): string {
    const name = `${stem}.${shortSha256(content)}.${endings[type] ?? "bin"}`;
    const contentType = type.startsWith("text/") ? `${type}; charset=utf-8` : type;
    this.#files.set(name, {name, bytes: content, contentType});
    return `${this.#share?.base ?? ""}${encodeURIComponent(name)}`;
  }
}

function dataAddress({type, content}: Asset): string {
  return `data:${type};base64,${Buffer.from(content).toString("base64")}`;
}
