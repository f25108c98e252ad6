export {formatCount} from "../count-text.js";

const MINUS = "\u2212";

/** What stands for a number that is not known. */
export const UNKNOWN = "n/a";

/** `1,234.50`, `−1,234.50`; {@link UNKNOWN} for NaN. Zero has no sign. */
export function formatNumber(value: number, decimals = 0): string {
  if (!Number.isFinite(value)) {
    return Number.isNaN(value) ? UNKNOWN : value > 0 ? "∞" : `${MINUS}∞`;
  }
  const digits = {minimumFractionDigits: decimals, maximumFractionDigits: decimals};
  const text = Math.abs(value).toLocaleString("en-US", digits);
  return value < 0 && /[1-9]/.test(text) ? `${MINUS}${text}` : text;
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

function withUnit(text: string, unit: string): string {
  return text === UNKNOWN ? text : `${text}${unit}`;
}
