import {createReadStream, statSync} from "node:fs";
import {createInterface} from "node:readline";
import {createGunzip} from "node:zlib";

const ENDS = 3;

/** The first and last lines of a replay file, how many there are, and its size, for a person. */
export async function replayFilePreview(path: string): Promise<string> {
  const input = createReadStream(path).pipe(createGunzip());
  const [first, last]: [string[], string[]] = [[], []];
  let count = 0;
  for await (const line of createInterface({input, crlfDelay: Number.POSITIVE_INFINITY})) {
    if (++count <= ENDS) {
      first.push(line);
    } else {
      last.push(line);
      last.splice(0, last.length - ENDS);
    }
  }
  const gap = count > 2 * ENDS ? ["…"] : [];
  const size = Math.ceil(statSync(path).size / 1_000).toLocaleString("en-US");
  const sum = `${count.toLocaleString("en-US")} lines, ${size} kB`;
  return [...first, ...gap, ...last, sum].map((line) => `${line}\n`).join("");
}
