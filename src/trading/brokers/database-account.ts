import assert from "node:assert/strict";
import {ReckonError} from "../../errors.js";
import {type ExpiredList, expireOrderLists} from "../../store/oms/expire-order-lists.js";
import {freeRunId, openPositions, readPositions} from "../../store/oms/oms-account.js";
import type {OmsOwner} from "../../store/oms/oms-owner.js";
import type {Store} from "../../store/open/open-store.js";
import {type Retry, withRetry} from "../../store/open/retry.js";
import type {Clock} from "../../time/clock.js";
import {MINUTE_MS} from "../../time/epoch.js";
import {formatCount} from "../../words.js";
import {CASH_ID, type Holdings, holdingsOf} from "../initial-holdings.js";

/**
 * How an account begins a run: `fresh` with what it is given, refused where the trade date has
 * positions already; `resume` with the newest positions in the tables; `replace` with what it is
 * given, after deleting what an earlier run of the same name left: for simulations.
 */
export type AccountStart = "fresh" | "resume" | "replace";

/**
 * A run books a list's fills soon after its deadline, two long waits for the database included.
 */
const ORPHANED_AFTER_MS = 5 * MINUTE_MS;

export interface DatabaseAccountOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly strategy: string;
  readonly account: string;
  readonly start: AccountStart;
  readonly instrumentIds: readonly string[];
  /** What it begins with where the tables do not say. */
  readonly initial: Holdings;
  /** Ends the wait for a database that cannot be reached. */
  readonly signal?: AbortSignal;
  /** By which that wait is measured; the machine's where left out, whatever the run's says. */
  readonly retryClock?: Clock;
  /** Told of each query that is tried again because the database could not be reached. */
  readonly onRetry?: (retry: Retry) => void;
  /** Told that a query was answered after such tries. */
  readonly onBack?: () => void;
  /**
   * The clock is that of every run of the account, so that their unfilled lists expire; true where
   * left out. A simulated clock says nothing of the deadlines of others.
   */
  readonly isClockShared?: boolean;
  /** Told of the lists of earlier runs, accepted and never filled, that expired. */
  readonly onExpired?: (lists: readonly ExpiredList[]) => void;
}

/** The run that an account is opened for. */
export interface AccountRun {
  /** Names the run; a further run of that name gets a number behind it. */
  readonly runId: string;
  /** `YYYY-MM-DD`. */
  readonly tradeDate: string;
}

/** What an account begins with. */
export interface OpenedHoldings extends Holdings {
  /** The tables said so; otherwise it is what the account was given. */
  readonly isStored: boolean;
}

/** An account in the OMS tables: whose rows a run writes, and what it began with. */
export class DatabaseAccount {
  readonly #options: DatabaseAccountOptions;
  #opened: {readonly owner: OmsOwner; readonly tradeDate: string} | undefined;

  constructor(options: DatabaseAccountOptions) {
    this.#options = options;
  }

  get store(): Store {
    return this.#options.store;
  }

  get clock(): Clock {
    return this.#options.clock;
  }

  /** Whose rows this run writes; known once the account is open. */
  get owner(): OmsOwner {
    return this.#open.owner;
  }

  /** `YYYY-MM-DD`; known once the account is open. */
  get tradeDate(): string {
    return this.#open.tradeDate;
  }

  get #open(): {readonly owner: OmsOwner; readonly tradeDate: string} {
    assert.ok(this.#opened, "the account is opened before it is used");
    return this.#opened;
  }

  /**
   * Begins the run and gives the holdings it begins with, exactly as they are in the tables.
   *
   * @throws ReckonError `misuse` when a fresh start would overwrite positions; `bad-data` when an
   *   instrument is held that is not in the run
   */
  async open({runId, tradeDate}: AccountRun): Promise<OpenedHoldings> {
    const {store, strategy, account, instrumentIds, start} = this.#options;
    const found =
      start === "replace"
        ? undefined
        : await this.query(() => readPositions(store, {strategy, account}, tradeDate));
    if (start === "fresh" && found?.tradeDate === tradeDate) {
      throw new ReckonError("misuse", {
        place: `account ${account} of strategy ${strategy}`,
        expected: `no positions of ${tradeDate} in the database`,
        found: `${formatCount(found.shares.size, "instrument")} and ${found.cash ?? "no"} cash`,
        fix: "set portfolio_config.retrieve_initial_holdings_from_db, or another cf_config.account",
      });
    }
    const stored = start === "resume" ? found : undefined;
    const holdings =
      stored === undefined
        ? this.#options.initial
        : holdingsOf(instrumentIds, stored.shares, stored.cash ?? this.#options.initial.cash);
    await this.#begin({runId, tradeDate}, holdings);
    return {...holdings, isStored: stored !== undefined};
  }

  /** Does work on the database that may be done twice; waits while it cannot be reached. */
  async query<T>(work: () => Promise<T>): Promise<T> {
    const {retryClock, onRetry, onBack, signal} = this.#options;
    let isAway = false;
    const answer = await withRetry(work, {
      ...(retryClock && {clock: retryClock}),
      ...(signal && {signal}),
      onRetry(retry) {
        isAway = true;
        onRetry?.(retry);
      },
    });
    if (isAway) {
      onBack?.();
    }
    return answer;
  }

  /**
   * Expires what earlier runs of the account left accepted when they broke down: a list that is
   * unfilled 5 minutes after its deadline is nobody's any more. What another run may still fill is
   * not touched; again is harmless.
   */
  async expireLeftLists(): Promise<void> {
    const {store, clock, isClockShared = true, onExpired} = this.#options;
    if (!isClockShared) {
      return;
    }
    const at = clock.now();
    const bounds = {at, endedBefore: at - ORPHANED_AFTER_MS};
    const lists = await this.query(() => expireOrderLists(store, this.owner, bounds));
    if (lists.length > 0) {
      onExpired?.(lists);
    }
  }

  async #begin(run: AccountRun, {cash, shares}: Holdings): Promise<void> {
    const {store, clock, strategy, account, instrumentIds, start} = this.#options;
    const {tradeDate} = run;
    const runId =
      start === "replace"
        ? run.runId
        : await this.query(() => freeRunId(store, {strategy, account}, run.runId));
    const owner = {runId, strategy, account};
    const held = instrumentIds.map((id, i): [string, number] => [id, shares[i] as number]);
    const opening = {
      tradeDate,
      at: clock.now(),
      cash,
      shares: new Map(held.filter(([id, count]) => count !== 0 && id !== CASH_ID)),
      replaces: start === "replace",
    };
    await this.query(() => openPositions(store, owner, opening));
    this.#opened = {owner, tradeDate};
    await this.expireLeftLists();
  }
}
