import {readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {isErrno, messageOf, ReckonError} from "../../errors.js";
import {exchangeDir} from "../parquet/market-layout.js";
import {replaceFile} from "../parquet/replace-file.js";
import {type Instrument, parseInstruments} from "./instrument.js";

/** Where an exchange's instruments are. */
export interface BookPlace {
  readonly dataDir: string;
  readonly exchange: string;
}

/** The instruments of one exchange, as the store keeps them. */
interface InstrumentBook {
  readonly instruments: readonly Instrument[];
  /** Ids whose tick and lot were taken from the decimals of their bars, not given. */
  readonly inferred: readonly string[];
}

/**
 * The instruments of an exchange in the store by id; none when the store has no such exchange.
 *
 * @throws ReckonError `bad-data` when the file is damaged
 */
export async function readInstruments(place: BookPlace): Promise<ReadonlyMap<string, Instrument>> {
  const {instruments} = await readBook(place);
  return new Map(instruments.map((instrument) => [instrument.id, instrument]));
}

/** Instruments from a JSON file a user wrote: a list of records. */
export async function readInstrumentFile(path: string): Promise<Instrument[]> {
  return parseInstruments(await readJson(path), path);
}

/**
 * Adds instruments to the store's book. A given record replaces what is there. An inferred one
 * only refines another inferred one: its tick and lot become the finer of both.
 */
export async function saveInstruments(
  place: BookPlace,
  {
    given = [],
    inferred = [],
  }: {readonly given?: readonly Instrument[]; readonly inferred?: readonly Instrument[]},
): Promise<void> {
  const old = await readBook(place);
  const book = new Map(old.instruments.map((instrument) => [instrument.id, instrument]));
  const guesses = new Set(old.inferred);
  for (const instrument of inferred) {
    const known = book.get(instrument.id);
    if (known === undefined) {
      guesses.add(instrument.id);
      book.set(instrument.id, instrument);
    } else if (guesses.has(instrument.id)) {
      book.set(instrument.id, refined(known, instrument));
    }
  }
  for (const instrument of given) {
    guesses.delete(instrument.id);
    book.set(instrument.id, instrument);
  }
  const instruments = [...book.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  await writeBook(place, {instruments, inferred: [...guesses].sort()});
}

function refined(known: Instrument, found: Instrument): Instrument {
  return {
    ...known,
    tickSize: Math.min(known.tickSize, found.tickSize),
    lotSize: Math.min(known.lotSize, found.lotSize),
  };
}

/** The file of an exchange's instruments. */
export function bookFile({dataDir, exchange}: BookPlace): string {
  return join(exchangeDir(dataDir, exchange), "instruments.json");
}

async function readBook(place: BookPlace): Promise<InstrumentBook> {
  const path = bookFile(place);
  let value: unknown;
  try {
    value = await readJson(path);
  } catch (error) {
    if (error instanceof ReckonError && isErrno(error.cause, "ENOENT")) {
      return {instruments: [], inferred: []};
    }
    throw error;
  }
  const {instruments, inferred} = (value ?? {}) as Record<string, unknown>;
  const ids = Array.isArray(inferred) ? inferred.map(String) : [];
  return {instruments: parseInstruments(instruments, path), inferred: ids};
}

async function writeBook(place: BookPlace, book: InstrumentBook): Promise<void> {
  const text = `${JSON.stringify(book, undefined, 2)}\n`;
  await replaceFile(bookFile(place), (aside) => writeFile(aside, text));
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    const found = messageOf(error);
    const text = `${path}: expected a JSON file of instruments, found ${found}`;
    throw new ReckonError("bad-data", text, {cause: error});
  }
}
