import {createRequire} from "node:module";
import {formulaTag, putFormulas} from "./formula/formula-rules.js";
import {Html} from "./markup.js";
import {taskClass} from "./task-lists.js";

/** The part of sanitize-html (which carries no types) that is used here. */
type Attributes = Record<string, string>;
interface SanitizeOptions {
  allowedTags: string[];
  allowedAttributes: Record<string, string[]>;
  allowedClasses: Record<string, (string | RegExp)[]>;
  allowedStyles: Record<string, Record<string, RegExp[]>>;
  allowedSchemes: string[];
  allowedSchemesByTag: Record<string, string[]>;
  allowProtocolRelative: boolean;
  transformTags: Record<
    string,
    (tagName: string, attribs: Attributes) => {tagName: string; attribs: Attributes}
  >;
}
type SanitizeHtml = (dirty: string, options: SanitizeOptions) => string;

const require = createRequire(import.meta.url);
let loaded: SanitizeHtml | undefined;

/** The classes that an HTML output may use; `report.css` styles each in both themes. */
export const outputClasses: readonly string[] = [
  "verdict",
  "verdict-ok",
  "verdict-differs",
  "verdict-empty",
  "kpi-row",
  "kpi",
  "kpi-label",
  "kpi-value",
  "num",
  "long",
  "note",
  "pos",
  "neg",
];

const blockTags =
  "address article aside blockquote dd details div dl dt figcaption figure footer h1 h2 h3 h4 h5 " +
  "h6 header hr li main ol p pre section summary ul " +
  "caption col colgroup table tbody td tfoot th thead tr";
const inlineTags =
  "a abbr b br cite code del dfn em i img ins kbd mark q s samp small span strong sub sup time u " +
  "var wbr";

const colour = [
  /^#[0-9a-f]{3,8}$/i,
  /^rgba?\([\d\s.,%]+\)$/i,
  /^hsla?\([\d\s.,%]+\)$/i,
  /^[a-z]+$/i,
];
const dataImage = /^data:image\/(png|jpeg|gif|webp|svg\+xml);base64,[\sa-z0-9+/=]*$/i;

/**
 * Untrusted HTML with everything removed that could run, load or restyle the page: scripts, event
 * handlers, forms, frames, ids, foreign classes, remote pictures. Tables are put into a box that
 * scrolls.
 *
 * @param kept what may stay although it is not allowed elsewhere; nothing by default
 */
export function sanitizeHtml(dirty: string, {formulas = [], ...kept}: Kept = {}): Html {
  loaded ??= require("sanitize-html") as SanitizeHtml;
  const clean = boxTables(loaded(dirty, optionsFor(kept)));
  return new Html(formulas.length === 0 ? clean : putFormulas(clean, formulas));
}

/** The pictures that a text may refer to. */
export interface PictureSource {
  /** The `data:` address of a picture; undefined when there is none. */
  readonly picture?: ((address: string) => string | undefined) | undefined;
  /** Called with the address of each picture that is left out. */
  readonly onMissingPicture?: ((address: string) => void) | undefined;
}

interface Kept extends PictureSource {
  /** The only `id` values that may stay, on headings. */
  readonly ids?: ReadonlySet<string>;
  /** What goes where the parser of formulas left a place for each. */
  readonly formulas?: readonly Html[];
}

const none: ReadonlySet<string> = new Set();

/** True when HTML holds content that is removed although a reader would miss it. */
export function losesContent(dirty: string): boolean {
  return /<(script|iframe|object|embed|canvas|svg|video|audio|form)\b/i.test(dirty);
}

function optionsFor({ids = none, ...source}: Kept): SanitizeOptions {
  const heading = (tagName: string, attribs: Attributes) => {
    const {id, ...rest} = attribs;
    return {tagName, attribs: id !== undefined && ids.has(id) ? {...rest, id} : rest};
  };
  const headings = ["h1", "h2", "h3", "h4", "h5", "h6"];
  return {
    allowedTags: `${blockTags} ${inlineTags} ${formulaTag}`.split(" "),
    allowedAttributes: {
      "*": ["title", "lang", "dir"],
      a: ["href"],
      img: ["src", "alt", "width", "height"],
      td: ["colspan", "rowspan", "style"],
      th: ["colspan", "rowspan", "scope", "style"],
      span: ["style"],
      ol: ["start"],
      details: ["open"],
      time: ["datetime"],
      col: ["span"],
      [formulaTag]: ["n"],
      ...Object.fromEntries(headings.map((tag) => [tag, ["id"]])),
    },
    allowedClasses: {
      "*": [...outputClasses],
      span: [...outputClasses, /^hljs-[a-z_-]+$/, /^[a-z]+_$/],
      li: [...outputClasses, taskClass],
      code: ["hljs", /^language-[a-z0-9]+$/],
    },
    allowedStyles: {
      "*": {
        "text-align": [/^(left|right|center)$/],
        "font-weight": [/^(bold|normal|[1-9]00)$/],
        color: colour,
        "background-color": colour,
      },
    },
    allowedSchemes: ["http", "https", "mailto"],
    allowedSchemesByTag: {img: ["data"]},
    allowProtocolRelative: false,
    transformTags: {
      ...Object.fromEntries(headings.map((tag) => [tag, heading])),
      img: (tagName, attribs) => ({tagName, attribs: localImage(attribs, source)}),
    },
  };
}

function localImage(attribs: Attributes, {picture, onMissingPicture}: PictureSource): Attributes {
  const {src = "", alt, ...rest} = attribs;
  const address = dataImage.test(src) ? src : (picture?.(src) ?? "");
  if (dataImage.test(address)) return {...rest, src: address, alt: alt ?? "picture"};
  onMissingPicture?.(src);
  return {...rest, alt: alt ? `${alt} (picture left out)` : "picture left out"};
}

/** Sanitised HTML is well formed without a bare `<`, so a table can be found by its tag. */
function boxTables(clean: string): string {
  return clean
    .replace(/<table(?=[\s>])/g, '<div class="table-box" tabindex="0"><table')
    .replace(/<\/table>/g, "</table></div>");
}
