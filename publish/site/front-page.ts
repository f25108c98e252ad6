import {readFileSync} from "node:fs";
import {sanitizeHtml} from "../render/sanitize.js";
import {fillTemplate, templateText} from "../render/template-files.js";

/** What a front page shows, top to bottom. */
export interface FrontPageInput {
  /** Small line above the title. */
  readonly name: string;
  readonly title: string;
  readonly byline: string;
  /** HTML of the verdict; sanitizeHtmld. */
  readonly verdict: string;
  /** Links to pages, relative to the front page. */
  readonly cards: readonly {
    readonly href: string;
    readonly title: string;
    readonly question: string;
  }[];
  /** PNG files; each is shown in the page and linked. */
  readonly pictures: readonly {
    readonly path: string;
    readonly href: string;
    readonly caption: string;
  }[];
  /** Label and value, at the foot. */
  readonly facts: readonly (readonly [string, string])[];
}

/** One self-contained HTML file that leads to a day's pages and shows its pictures. */
export function renderFrontPage(input: FrontPageInput): string {
  return fillTemplate("index.html", {
    ...input,
    verdict: sanitizeHtml(input.verdict).text,
    pictures: input.pictures.map(({path, href, caption}) => {
      const bytes = readFileSync(path);
      return {href, caption, base64: bytes.toString("base64"), ...pngSize(bytes)};
    }),
    styles: `${templateText("report.css")}\n${templateText("index.css")}`,
    policy: [
      "default-src 'none'",
      "style-src 'unsafe-inline'",
      "img-src data:",
      "base-uri 'none'",
      "form-action 'none'",
    ].join("; "),
  });
}

/** Width and height stand in the header chunk of a PNG, at bytes 16 and 20. */
function pngSize(bytes: Buffer): {width: number; height: number} {
  return {width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20)};
}
