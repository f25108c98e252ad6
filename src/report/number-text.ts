export {formatCount} from "../words.js";

const MINUS = "\u2212";

/** What stands for a number that is not known. */
export const UNKNOWN = "n/a";

/** `1,234.50`, `−1,234.50`; {@link UNKNOWN} for NaN. Zero has no sign. */
export function formatNumber(value: number, decimals = 0): string {
  if (!Number.isFinite(value)) {
    return Number.isNaN(value) ? UNKNOWN : value > 0 ? "∞" : `${MINUS}∞`;
  }
  const text = fixedFormat(decimals).format(Math.abs(value));
  return value < 0 && /[1-9]/.test(text) ? `${MINUS}${text}` : text;
}

const fixedFormats: Intl.NumberFormat[] = [];

/** Made once for each number of decimals: making one takes a hundred times as long as using it. */
function fixedFormat(decimals: number): Intl.NumberFormat {
  const digits = {minimumFractionDigits: decimals, maximumFractionDigits: decimals};
  fixedFormats[decimals] ??= new Intl.NumberFormat("en-US", digits);
  return fixedFormats[decimals];
}

/** A probability that is not 0, however small: `<0.001` rather than `0.000`. */
export function formatPValue(value: number, decimals: number): string {
  const least = 10 ** -decimals;
  return value > 0 && value < least / 2
    ? `<${formatNumber(least, decimals)}`
    : formatNumber(value, decimals);
}

/** `$1,234`, `−$1,234`; {@link UNKNOWN} for NaN. */
export function formatMoney(value: number, decimals = 0): string {
  const text = formatNumber(value, decimals);
  return text === UNKNOWN ? text : text.replace(/^(\u2212?)/, "$1$$");
}

/** Money that was won or lost: `+$1,234`, `−$1,234`, `$0`. */
export function formatGain(value: number, decimals = 0): string {
  const text = formatMoney(value, decimals);
  return value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

/** `1.23%` of a value that already is in percent. */
export function formatPercent(value: number, decimals = 2): string {
  return withUnit(formatNumber(value, decimals), "%");
}

/** {@link formatPercent} with four decimals below a tenth of a percent: `0.0018%`. */
export function formatSmallPercent(value: number): string {
  return formatPercent(value, value !== 0 && Math.abs(value) < 0.1 ? 4 : 2);
}

/** `1.23 bps` of a value that already is in basis points. */
export function formatBps(value: number, decimals = 2): string {
  return withUnit(formatNumber(value, decimals), " bps");
}

/** A distance between numbers: `0`, `1.2e-9`, `0.0012`, `5,120`; or that one side is missing. */
export function formatDistance(distance: number): string {
  if (distance === Number.POSITIVE_INFINITY) {
    return "one side only";
  }
  return distance < 1e3 ? String(Number(distance.toPrecision(3))) : formatNumber(distance);
}

/** A recorded value to 12 digits, which leaves out the noise of sums; `missing` for NaN. */
export function formatExact(value: number | string): string {
  if (typeof value === "string") {
    return value;
  }
  const text = String(Number(value.toPrecision(12)));
  return Number.isNaN(value) ? "missing" : text.replace("-", "−");
}

/** Digits that a table shows of a value whose other side is the same. */
const USUAL_DIGITS = 6;

/**
 * Two values that belong side by side, with as many digits as tell them apart: 3 of what they
 * differ by, 6 at least and 12 at most, whole numbers in full, thousands grouped. Texts stay as
 * they are; `missing` for NaN.
 */
export function formatPair(a: number | string, b: number | string): [string, string] {
  const digits = digitsApart(a, b);
  return [formatDigits(a, digits), formatDigits(b, digits)];
}

/** `−0.02831`, `82,550`: four significant digits, whole numbers in full; empty for NaN. */
export function formatDifference(difference: number): string {
  return Number.isNaN(difference) ? "" : formatDigits(difference, 4);
}

/** Smaller numbers are `4.07e-9`. */
const SMALLEST_WRITTEN_OUT = 1e-6;

function digitsApart(a: number | string, b: number | string): number {
  if (typeof a === "string" || typeof b === "string") {
    return USUAL_DIGITS;
  }
  const ratio = Math.max(Math.abs(a), Math.abs(b)) / Math.abs(a - b);
  const wanted = Number.isFinite(ratio) ? Math.ceil(Math.log10(ratio)) + 3 : USUAL_DIGITS;
  return Math.min(12, Math.max(USUAL_DIGITS, wanted));
}

function formatDigits(value: number | string, digits: number): string {
  if (typeof value === "string" || !Number.isFinite(value)) {
    return formatExact(value);
  }
  if (value !== 0 && Math.abs(value) < SMALLEST_WRITTEN_OUT) {
    const text = String(Number(Math.abs(value).toPrecision(digits)));
    return value < 0 ? `${MINUS}${text}` : text;
  }
  const whole = Math.abs(value) < 1 ? 1 : Math.floor(Math.log10(Math.abs(value))) + 1;
  const maximumSignificantDigits = Math.min(21, Math.max(digits, whole));
  const text = significantFormat(maximumSignificantDigits).format(Math.abs(value));
  return value < 0 ? `${MINUS}${text}` : text;
}

const significantFormats: Intl.NumberFormat[] = [];

function significantFormat(maximumSignificantDigits: number): Intl.NumberFormat {
  significantFormats[maximumSignificantDigits] ??= new Intl.NumberFormat("en-US", {
    maximumSignificantDigits,
  });
  return significantFormats[maximumSignificantDigits];
}

function withUnit(text: string, unit: string): string {
  return text === UNKNOWN ? text : `${text}${unit}`;
}
