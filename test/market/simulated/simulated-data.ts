import {copyFileSync, mkdirSync, readdirSync, symlinkSync} from "node:fs";
import {join} from "node:path";
import {exchangeDir} from "../../../src/market/parquet/market-layout.js";
import {makeSimulatedMarket} from "../../../src/market/simulated/simulated-market.js";
import {madeOnce} from "../../scratch.js";

/**
 * Puts the built-in market into a data folder, as `makeSimulatedMarket` does, which takes four
 * seconds: it is made once for all tests. The bars are links, for tests that only read them; what
 * else is written beside them stays in this folder.
 */
export async function placeSimulatedMarket(dataDir: string): Promise<void> {
  const made = await madeOnce("simulated-market", async (folder) => {
    await makeSimulatedMarket({dataDir: folder});
  });
  const [from, to] = [made, dataDir].map((dir) => exchangeDir(dir, "simulated")) as [
    string,
    string,
  ];
  mkdirSync(to, {recursive: true});
  for (const entry of readdirSync(from, {withFileTypes: true})) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) {
      symlinkSync(source, target, "junction");
    } else {
      copyFileSync(source, target);
    }
  }
}
