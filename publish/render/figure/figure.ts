/** A plotly figure in the form in which a page and a picture draw it. */
export interface Figure {
  readonly data: readonly Readonly<Record<string, unknown>>[];
  readonly layout: Readonly<Record<string, unknown>>;
}

type Fields = Record<string, unknown>;

const defaultHeightPx = 420;

/**
 * A figure from an output's JSON, made safe and ready for any theme; undefined when it is none.
 *
 * Titles given as plain strings get the form that plotly 3 and later asks for. The page owns width,
 * background and text colour, so those are left out. Pictures and maps from other hosts are left
 * out too: a page makes no request.
 */
export function parseFigure(json: unknown): Figure | undefined {
  if (!isFields(json) || !Array.isArray(json.data) || !json.data.every(isFields)) return undefined;
  const layout = isFields(json.layout) ? json.layout : {};
  const clean = cleanLayout(layout);
  return {data: json.data, layout: {...clean, ...legendBelow(clean, json.data)}};
}

/** A legend stands above the drawing; where it has many entries it gets the room below. */
function legendBelow({legend, margin}: Fields, data: readonly Fields[]): Fields {
  const entries = data.filter(({name, showlegend}) => name !== undefined && showlegend !== false);
  if (legend !== undefined || margin !== undefined || entries.length <= 5) return {};
  return {legend: {x: 0, xanchor: "left", yref: "container", y: 0, yanchor: "bottom"}};
}

/** Height in CSS pixels. */
export function figureHeight({layout}: Figure): number {
  const {height} = layout;
  return typeof height === "number" && height >= 50 && height <= 20_000 ? height : defaultHeightPx;
}

/** The title without markup; the empty string when there is none. */
export function figureTitle({layout}: Figure): string {
  const title = isFields(layout.title) ? layout.title.text : undefined;
  if (typeof title !== "string") return "";
  return title
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}

function cleanLayout(layout: Fields): Fields {
  const {width, paper_bgcolor, plot_bgcolor, template, autosize, images, ...rest} = layout;
  const clean: Fields = {...rest};
  if (isFields(clean.font)) clean.font = {...clean.font, color: undefined};
  if (Array.isArray(images)) clean.images = images.filter(isEmbedded);
  for (const [key, value] of Object.entries(clean)) {
    if (key === "title") clean.title = titleOf(value);
    else if (/^[xy]axis\d*$/.test(key) && isFields(value)) {
      clean[key] = {...value, ...(value.title !== undefined && {title: titleOf(value.title)})};
    }
  }
  return clean;
}

function titleOf(title: unknown): unknown {
  return typeof title === "string" ? {text: title} : title;
}

function isEmbedded(image: unknown): boolean {
  return isFields(image) && typeof image.source === "string" && image.source.startsWith("data:");
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
