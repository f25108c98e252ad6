import {crc32} from "node:zlib";

/** Dots per inch at which the pictures for investors are printed. */
export const PRINT_DPI = 300;

const INCHES_PER_METRE = 1 / 0.0254;
/** The 8 bytes that every PNG starts with, and its first chunk: 4 + 4 + 13 + 4 bytes. */
const HEAD_BYTES = 8 + 25;

/**
 * A PNG that says it is printed at {@link PRINT_DPI}: the chunk pHYs put behind the head. Word
 * processors and printers take the size of the picture from it.
 */
export function printPng(png: Uint8Array): Uint8Array {
  const chunk = Buffer.alloc(21);
  const dotsPerMetre = Math.round(PRINT_DPI * INCHES_PER_METRE);
  chunk.writeUInt32BE(9, 0);
  chunk.write("pHYs", 4, "latin1");
  chunk.writeUInt32BE(dotsPerMetre, 8);
  chunk.writeUInt32BE(dotsPerMetre, 12);
  chunk.writeUInt8(1, 16); // the unit is the metre
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 17)), 17);
  return Buffer.concat([png.subarray(0, HEAD_BYTES), chunk, png.subarray(HEAD_BYTES)]);
}
