/**
 * Colours that a program chose for a terminal, made readable on a page that is light, dark or
 * printed. Those that have names are classes of the style sheet; of the others each pair of text
 * and background has at least the contrast that WCAG 2.1 asks for text (§1.4.3).
 */
const leastContrast = 4.5;
/** Relative luminance of the darkest background of a light page, and the lightest of a dark one. */
const pageLuminance = {light: 0.86, dark: 0.02};

type Rgb = readonly [red: number, green: number, blue: number];

interface Span {
  /** Weight, slant and underline, which stay as they are. */
  readonly others: readonly string[];
  readonly text: Rgb | undefined;
  readonly ground: Rgb | undefined;
  readonly classes: readonly string[];
}

/** The spans of `ansi_up` in such colours; other text is escaped and holds no tag like these. */
export function readableColours(html: string): string {
  return html.replace(
    /<span(?: style="([^"]*)")?(?: class="([^"]*)")?>/g,
    (_tag, style: string | undefined, names: string | undefined) =>
      tagOf(readable(readSpan(style ?? "", names ?? ""))),
  );
}

function readSpan(style: string, names: string): Span {
  const parts = style.split(";").filter((part) => part !== "");
  const rgbOf = (property: string) => {
    const part = parts.find((one) => one.startsWith(`${property}:rgb(`));
    const [red = 0, green = 0, blue = 0] = part?.match(/\d+/g)?.map(Number) ?? [];
    return part === undefined ? undefined : ([red, green, blue] as const);
  };
  return {
    others: parts.filter((part) => !part.includes("color:")),
    text: rgbOf("color"),
    ground: rgbOf("background-color"),
    classes: names.split(" ").filter((name) => name !== ""),
  };
}

function readable({others, text, ground, classes}: Span) {
  const named = classes.find((name) => name.endsWith("-bg"));
  if (ground !== undefined) {
    const isGood =
      text !== undefined && contrast(luminance(text), luminance(ground)) >= leastContrast;
    const shown = isGood ? text : ink(ground);
    const colours = [`color:${cssOf(shown)}`, `background-color:${cssOf(ground)}`];
    return {styles: [...others, ...colours], classes: []};
  }
  // The style sheet gives each named background its text, but black and white ones take any.
  const isFixed = named !== undefined && !/^ansi-(bright-)?white-bg$|^ansi-black-bg$/.test(named);
  const colours = text === undefined || isFixed ? [] : [`color:${onPage(text)}`];
  return {styles: [...others, ...colours], classes};
}

function tagOf({styles, classes}: ReturnType<typeof readable>): string {
  const style = styles.length === 0 ? "" : ` style="${styles.join(";")}"`;
  return `<span${style}${classes.length === 0 ? "" : ` class="${classes.join(" ")}"`}>`;
}

/** Black or white, whichever is read better. */
function ink(ground: Rgb): Rgb {
  const at = luminance(ground);
  return contrast(at, 0) >= contrast(at, 1) ? [0, 0, 0] : [255, 255, 255];
}

/** A colour of text without a background, darker on a light page and lighter on a dark one. */
function onPage(text: Rgb): string {
  const at = luminance(text);
  const most = (pageLuminance.light + 0.05) / leastContrast - 0.05;
  const least = (pageLuminance.dark + 0.05) * leastContrast - 0.05;
  const light = at <= most ? text : mix(text, 0, (at - most) / at);
  const dark = at >= least ? text : mix(text, 1, (least - at) / (1 - at));
  return light === dark ? cssOf(text) : `light-dark(${cssOf(light)},${cssOf(dark)})`;
}

/** So much of the way to black (0) or white (1), where luminance is linear; rounded that way. */
function mix(rgb: Rgb, to: 0 | 1, share: number): Rgb {
  const round = to === 0 ? Math.floor : Math.ceil;
  const [red, green, blue] = rgb.map((one) => {
    const mixed = linear(one) * (1 - share) + to * share;
    const encoded = mixed <= 0.0031308 ? 12.92 * mixed : 1.055 * mixed ** (1 / 2.4) - 0.055;
    return Math.min(255, Math.max(0, round(encoded * 255)));
  }) as [number, number, number];
  return [red, green, blue];
}

/** A channel of sRGB, 0 to 255, as light: 0 to 1. */
function linear(channel: number): number {
  const share = channel / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

function luminance([red, green, blue]: Rgb): number {
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

function contrast(one: number, other: number): number {
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

function cssOf(rgb: Rgb): string {
  return `rgb(${rgb.join(",")})`;
}
