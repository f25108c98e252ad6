import {ReckonError} from "../../errors.js";
import {bookFills} from "../../store/oms/oms-fills.js";
import {answerOrderList, type OrderList, readOrderLists} from "../../store/oms/oms-orders.js";
import {roundToBar} from "../../time/bar-grid.js";
import {type EpochMs, SECOND_MS} from "../../time/epoch.js";
import {formatUtc} from "../../time/utc-text.js";
import {formatCount} from "../../words.js";
import {type Order, parseOrders} from "../orders/order.js";
import type {Broker} from "./broker.js";
import type {DatabaseAccount} from "./database-account.js";

/**
 * When an order processor ends: after a number of order lists; at a time, where both that and the
 * clock are rounded to the bar; or not before it is stopped.
 */
export type Termination =
  | {readonly kind: "lists"; readonly count: number}
  | {readonly kind: "time"; readonly time: EpochMs}
  | {readonly kind: "stopped"};

export interface OrderProcessorOptions {
  readonly account: DatabaseAccount;
  /** Says what becomes of the orders. */
  readonly exchange: Broker;
  readonly barMs: number;
  readonly termination: Termination;
  /** Between seeing a list and accepting it; more than 0. */
  readonly delayToAcceptMs: number;
  /** Without a new list for this long it fails; Infinity: it waits until it is stopped. */
  readonly maxWaitMs: number;
  /** Between two looks for a new list. */
  readonly pollMs: number;
  /** Waits, at the deadline of some orders, until their prices are known. */
  readonly waitForPrices?: (deadline: EpochMs) => Promise<void>;
  /** Signed value of shares at a price, in settlement currency. */
  readonly value: (instrumentId: string, shares: number, price: number) => number;
  readonly roundShares: (instrumentId: string, shares: number) => number;
}

/** What an order processor did, and when. */
export interface ProcessorEvent {
  readonly time: EpochMs;
  readonly text: string;
}

/**
 * Plays the exchange on the OMS tables: sees what was submitted, accepts it, waits until its
 * deadline and books its fills. It handles one submission after the other.
 *
 * A list that makes no sense, or came after its deadline, is answered with a refusal.
 */
export class OrderProcessor {
  readonly #options: OrderProcessorOptions;
  readonly #events: ProcessorEvent[] = [];
  #startTime: EpochMs | undefined;
  #endTime: EpochMs | undefined;
  #acceptedLists = 0;
  #filledLists = 0;
  #lastRow = 0;
  /** Accepted, and not yet at their deadline. */
  #openOrders = 0;

  constructor(options: OrderProcessorOptions) {
    this.#options = options;
  }

  /** What happened so far, oldest first. */
  get events(): readonly ProcessorEvent[] {
    return this.#events;
  }

  /** The execution as text: how it began and ended, what it counted, a line per event. */
  signature(): string {
    const {termination} = this.#options;
    const time = (at: EpochMs | undefined): string => (at === undefined ? "None" : formatUtc(at));
    const condition = {
      lists: () => String(termination.kind === "lists" && termination.count),
      time: () => time(termination.kind === "time" ? termination.time : undefined),
      stopped: () => "stopped",
    }[termination.kind]();
    return [
      `start_timestamp=${time(this.#startTime)}`,
      `end_timestamp=${time(this.#endTime)}`,
      `termination_condition=${condition}`,
      `num_accepted_orders=${this.#acceptedLists}`,
      `num_filled_orders=${this.#filledLists}`,
      `num_events=${this.#events.length}`,
      ...this.#events.map((event) => `${time(event.time)}: ${event.text}`),
    ].join("\n");
  }

  /**
   * Works until the termination, or until `signal` stops it: then at its next wake-up.
   *
   * @throws ReckonError `failed` when no list comes for too long
   */
  async run(signal?: AbortSignal): Promise<void> {
    this.#startTime = this.#now();
    this.#log("start");
    try {
      while (!this.#isDone()) {
        await this.#handle(await this.#nextLists(signal), signal);
      }
    } catch (error) {
      if (signal?.aborted !== true) {
        throw error;
      }
      const open = formatCount(this.#openOrders, "order");
      this.#log(this.#openOrders === 0 ? "stopped" : `stopped: ${open} accepted and not filled`);
    }
    this.#log("exiting");
    this.#endTime = this.#now();
  }

  #isDone(): boolean {
    const {termination, barMs} = this.#options;
    const isDone =
      (termination.kind === "lists" && this.#filledLists >= termination.count) ||
      (termination.kind === "time" &&
        roundToBar(this.#now(), barMs) >= roundToBar(termination.time, barMs));
    this.#log(isDone ? "done" : "not done");
    return isDone;
  }

  async #nextLists(signal: AbortSignal | undefined): Promise<(OrderList & {id: number})[]> {
    const {account, maxWaitMs, pollMs} = this.#options;
    this.#log("waiting for orders");
    const deadline = this.#now() + maxWaitMs;
    for (;;) {
      await account.clock.sleepUntil(Math.min(this.#now() + pollMs, deadline), signal);
      const lists = await account.query(() =>
        readOrderLists(account.store, account.owner, this.#lastRow),
      );
      if (lists.length > 0) {
        this.#lastRow = lists.at(-1)?.id ?? this.#lastRow;
        this.#log(`diff_num_rows=${lists.length}`);
        return lists;
      }
      if (this.#now() >= deadline) {
        throw new ReckonError("failed", {
          place: "the order processor",
          expected: `new orders within ${maxWaitMs / SECOND_MS} s`,
          found: `none until ${formatUtc(this.#now())}: timeout`,
        });
      }
    }
  }

  /** Lists seen at one time are parts of one submission. */
  async #handle(lists: readonly OrderList[], signal: AbortSignal | undefined): Promise<void> {
    const {account, exchange, delayToAcceptMs, waitForPrices} = this.#options;
    this.#log(`waiting ${delayToAcceptMs / SECOND_MS} seconds`);
    await account.clock.sleepUntil(this.#now() + delayToAcceptMs, signal);
    const orders: Order[] = [];
    for (const list of lists) {
      orders.push(...(await this.#answer(list)));
    }
    await account.expireLeftLists();
    if (orders.length === 0) {
      return;
    }
    this.#openOrders = orders.length;
    const deadline = Math.max(...orders.map(({end}) => end));
    this.#log(`wait until fulfilment deadline=${formatUtc(deadline)}`);
    await account.clock.sleepUntil(deadline, signal);
    await waitForPrices?.(deadline);
    const fills = await exchange.takeFills();
    await this.#book(fills);
    this.#openOrders = 0;
    this.#filledLists += lists.length;
  }

  /** The orders of a list that was accepted; none of one that was refused. */
  async #answer({filename, text}: OrderList): Promise<readonly Order[]> {
    const {account, exchange} = this.#options;
    let orders: readonly Order[] = [];
    let refusal: string | undefined;
    try {
      orders = parseOrders(text);
      await exchange.submitOrders(orders);
    } catch (error) {
      if (!(error instanceof ReckonError)) {
        throw error;
      }
      orders = [];
      refusal = error.message;
    }
    const reason = refusal ?? "accepted";
    const isAccepted = refusal === undefined;
    const answer = {filename, isAccepted, reason, tradeDate: account.tradeDate, at: this.#now()};
    await account.query(() => answerOrderList(account.store, account.owner, answer));
    if (isAccepted) {
      this.#acceptedLists += 1;
    } else {
      this.#log(`refused ${filename}: ${reason}`);
    }
    return orders;
  }

  async #book(fills: Awaited<ReturnType<Broker["takeFills"]>>): Promise<void> {
    const {account, value, roundShares} = this.#options;
    const booking = {
      fills,
      tradeDate: account.tradeDate,
      at: this.#now(),
      value,
      roundShares,
    };
    await account.query(() => bookFills(account.store, account.owner, booking));
    const prices = fills.map(({price}) => price).join(", ");
    const count = formatCount(fills.length, "fill");
    this.#log(`received ${count}${fills.length === 0 ? "" : ` (price ${prices})`}`);
  }

  #now(): EpochMs {
    return this.#options.account.clock.now();
  }

  #log(text: string): void {
    this.#events.push({time: this.#now(), text});
  }
}
