import {z} from "zod";
import {ReckonError} from "../../errors.js";
import {ALWAYS_OPEN} from "./session-calendar.js";

const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, "expected letters, digits, . _ or -");

const instrumentSchema = z.strictObject({
  id: name,
  symbol: z.string().min(1),
  venue: name,
  kind: z.enum(["spot", "linear", "inverse"]),
  multiplier: z.number().positive().default(1),
  baseCurrency: z.string().min(1),
  quoteCurrency: z.string().min(1),
  settlementCurrency: z.string().min(1),
  tickSize: z.number().positive(),
  lotSize: z.number().positive(),
  minNotional: z.number().nonnegative().default(0),
  maxNotional: z.number().positive().nullable().default(null),
  minAmount: z.number().nonnegative().default(0),
  maxAmount: z.number().positive().nullable().default(null),
  sessionCalendar: name.or(z.literal(ALWAYS_OPEN)).default(ALWAYS_OPEN),
});

/**
 * What everything that sizes, rounds or values an instrument reads.
 *
 * A position of q is worth q·multiplier·price for `spot` and `linear`, and −q·multiplier/price for
 * `inverse`, in `settlementCurrency`.
 */
export interface Instrument {
  /** Column head, folder name and asset id: `BTCUSDT`. */
  readonly id: string;
  /** The exchange-independent name: `BTC/USDT`, or `BTC/USDT:USDT` for a perpetual. */
  readonly symbol: string;
  readonly venue: string;
  readonly kind: "spot" | "linear" | "inverse";
  /** Units of base currency (linear) or of quote currency (inverse) in one contract. */
  readonly multiplier: number;
  readonly baseCurrency: string;
  readonly quoteCurrency: string;
  readonly settlementCurrency: string;
  /** Smallest step of a price. */
  readonly tickSize: number;
  /** Smallest step of a quantity. */
  readonly lotSize: number;
  /** Smallest value of an order, in quote currency; 0 when there is none. */
  readonly minNotional: number;
  /** Largest value of an order, in quote currency; null when there is none or it is not known. */
  readonly maxNotional: number | null;
  /** Smallest quantity of an order; 0 when there is none. */
  readonly minAmount: number;
  /** Largest quantity of an order; null when there is none or it is not known. */
  readonly maxAmount: number | null;
  /** Name of the calendar of its trading sessions: `24/7`, `XNYS`, or one of the desk's own. */
  readonly sessionCalendar: string;
}

/**
 * Instruments from a parsed JSON file: a list of records, each with unique `id`.
 *
 * @param place the file, for the message
 * @throws ReckonError `bad-data` naming the record and the key
 */
export function parseInstruments(value: unknown, place: string): Instrument[] {
  const parsed = z.array(instrumentSchema).safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ReckonError("bad-data", `${place}: ${issue?.path.join(".")}: ${issue?.message}`);
  }
  const ids = parsed.data.map((instrument) => instrument.id);
  const twice = ids.find((id, i) => ids.indexOf(id) !== i);
  if (twice !== undefined) {
    throw new ReckonError("bad-data", {
      place,
      expected: "one record per id",
      found: `two with id ${twice}`,
    });
  }
  return parsed.data;
}

/** How many decimals a step has: 0.001 → 3, 0.5 → 1, 1e-7 → 7, 25 → 0. */
export function decimalsOf(step: number): number {
  const [mantissa = "", exponent = "0"] = String(step).split("e");
  const fraction = mantissa.split(".")[1] ?? "";
  return Math.max(0, fraction.length - Number(exponent));
}

/** What is known of an instrument from its bars. */
export interface InferredInstrument {
  readonly id: string;
  readonly venue: string;
  readonly kind: Instrument["kind"];
  readonly priceDecimals: number;
  readonly volumeDecimals: number;
}

/**
 * The record of an instrument of which only bars are known: currencies from its id, tick and lot
 * from the decimals its prices and volumes were written with, multiplier 1, no limits, always open.
 */
export function inferInstrument(known: InferredInstrument): Instrument {
  const {base, quote} = splitPair(known.id);
  const settlement = known.kind === "inverse" ? base : quote;
  const suffix = known.kind === "spot" ? "" : `:${settlement}`;
  return {
    id: known.id,
    symbol: `${base}/${quote}${suffix}`,
    venue: known.venue,
    kind: known.kind,
    multiplier: 1,
    baseCurrency: base,
    quoteCurrency: quote,
    settlementCurrency: settlement,
    tickSize: Number(`1e-${known.priceDecimals}`),
    lotSize: Number(`1e-${known.volumeDecimals}`),
    minNotional: 0,
    maxNotional: null,
    minAmount: 0,
    maxAmount: null,
    sessionCalendar: ALWAYS_OPEN,
  };
}

const QUOTES = ["USDT", "USDC", "FDUSD", "TUSD", "BUSD", "USD", "EUR", "GBP", "JPY", "BTC", "ETH"];

/**
 * Base and quote currency of an id: `1000PEPEUSDT` → 1000PEPE and USDT; `XRP_ETH` at its separator.
 * An id that ends in no known quote currency is taken as priced in USD.
 */
export function splitPair(id: string): {base: string; quote: string} {
  const [, base = "", quote = ""] = /^(.+?)[/_-](.+)$/.exec(id) ?? [];
  if (base !== "") {
    return {base, quote};
  }
  const known = QUOTES.find((suffix) => id.length > suffix.length && id.endsWith(suffix)) ?? "";
  return known === "" ? {base: id, quote: "USD"} : {base: id.slice(0, -known.length), quote: known};
}

/** The name data files carry: `binance::BTC_USDT`. */
export function fullSymbol({venue, baseCurrency, quoteCurrency}: Instrument): string {
  return `${venue}::${baseCurrency}_${quoteCurrency}`;
}
