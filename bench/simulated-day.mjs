import {join} from "node:path";

/** The simulated market's last day in a store under `scratch`, and a way to run C1 over it. */
export async function simulatedDay(scratch) {
  const {makeSimulatedMarket} = await import("../dist/src/market/simulated/simulated-market.js");
  const {storeMarket} = await import("../dist/src/flows/market/store-market.js");
  const {runSystem} = await import("../dist/src/system/run/run-system.js");
  const {findModel} = await import("../dist/src/models/registry.js");
  const dataDir = join(scratch, "data");
  const {end} = await makeSimulatedMarket({dataDir});
  const day = {start: end - 86_400_000, end};
  const run = async (runMode, dir) => {
    const market = await storeMarket({dataDir, timeframe: "5m"}, findModel("C1"), day);
    return runSystem({model: "C1", runMode, ...day, dir, ...market});
  };
  return {scratch, dataDir, run, day};
}
