import {existsSync} from "node:fs";
import {join} from "node:path";
import {ReckonError} from "../../errors.js";
import type {AccountSource, AccountState} from "../../report/observer/account.js";
import type {ObservedRun} from "../../report/observer/observed-run.js";
import {RunFolder} from "../../runlog/reading/run-folder.js";
import {readPositions} from "../../store/oms/oms-account.js";
import {storeChoice} from "../../store/open/open-store.js";
import {toIso} from "../../time/epoch.js";
import {openSharedStore} from "../shared-store.js";

/**
 * The account of a run in the SQL store: the newest rows of `current_positions` up to the run's
 * last trade date. Runs that do not trade through the store have none there.
 */
export function storeAccount(
  {dir, facts, portfolio}: Pick<ObservedRun, "dir" | "facts" | "portfolio">,
  dataDir: string,
): AccountSource {
  return {
    name: "the SQL store",
    read: async (): Promise<AccountState> => {
      checkStore(dataDir);
      const store = await openSharedStore(dataDir);
      try {
        const {strategy, account} = ownerOf(dir);
        const last = portfolio.wallClock.at(-1) ?? facts.end ?? 0;
        const day = toIso(last).slice(0, 10);
        const found = await readPositions(store, {strategy, account}, day);
        if (found === undefined) {
          throw new ReckonError("bad-data", {
            place: `current_positions of strategy ${strategy}, account ${account}`,
            expected: `rows of ${day} or before`,
            found: "none",
          });
        }
        const {cash = Number.NaN, shares, tradeDate} = found;
        const remark = `strategy ${strategy}, account ${account}, trade date ${tradeDate}`;
        return {cash, shares, remark};
      } finally {
        await store.close();
      }
    },
  };
}

/** Looking makes no store. */
function checkStore(dataDir: string): void {
  const folder = join(dataDir, "sql");
  if (storeChoice(dataDir).databaseUrl === undefined && !existsSync(folder)) {
    throw new ReckonError("bad-data", {
      place: folder,
      expected: "an SQL store",
      found: "no folder",
    });
  }
}

/** Whose rows a run's orders go to. */
function ownerOf(dir: string): {strategy: string; account: string} {
  const {strategy = "", account = ""} = (new RunFolder(dir).config().cf_config ?? {}) as {
    strategy?: string;
    account?: string;
  };
  return {strategy, account};
}
