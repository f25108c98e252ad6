import {ReckonError} from "../../errors.js";
import {readFills} from "../../store/oms/oms-fills.js";
import {
  ORDERS_TEXT_LIMIT,
  type OrderListAnswer,
  readAnswers,
  submitOrderLists,
} from "../../store/oms/oms-orders.js";
import type {EpochMs} from "../../time/epoch.js";
import {formatUtc} from "../../time/utc-text.js";
import type {Fill} from "../orders/fill.js";
import {checkOrder, formatOrder, type Order} from "../orders/order.js";
import type {Broker} from "./broker.js";
import type {DatabaseAccount} from "./database-account.js";
import {checkIsCurrent} from "./paper-broker.js";

export interface DatabaseBrokerOptions {
  readonly account: DatabaseAccount;
  /** Time between two looks for an answer. */
  readonly pollMs: number;
  /** Told of each list that the exchange would not take. */
  readonly onRefused?: (answer: OrderListAnswer) => void;
}

/**
 * A broker that hands its orders over in the table `submitted_orders`, waits until they are
 * answered in `accepted_orders`, and reads what was executed from `oms_fills`.
 *
 * Whoever plays the exchange works on the tables alone, in this process or another. Writing goes
 * on after the database was away; nothing is handed over or taken twice.
 */
export function databaseBroker(options: DatabaseBrokerOptions): Broker {
  const {account, pollMs, onRefused} = options;
  const {store, clock} = account;
  let lists = 0;
  let lastFillId = -1;

  const waitForAnswers = async (filenames: readonly string[], deadline: EpochMs): Promise<void> => {
    for (;;) {
      await clock.sleepUntil(Math.min(clock.now() + pollMs, deadline));
      const answers = await account.query(() => readAnswers(store, account.owner, filenames));
      if (answers.length === filenames.length) {
        for (const answer of answers.filter(({isAccepted}) => !isAccepted)) {
          onRefused?.(answer);
        }
        return;
      }
      if (clock.now() >= deadline) {
        throw unanswered(filenames, answers, deadline);
      }
    }
  };

  return {
    async submitOrders(orders) {
      if (orders.length === 0) {
        return;
      }
      for (const order of orders) {
        checkIsCurrent(checkOrder(order), clock.now());
      }
      const written = orderLists(orders, lists);
      lists += written.length;
      const rows = written.flatMap((list) =>
        list.orders.map((order) => ({...order, filename: list.filename})),
      );
      const submission = {lists: written, orders: rows, at: clock.now()};
      await account.query(() => submitOrderLists(store, account.owner, submission));
      const filenames = written.map(({filename}) => filename);
      await waitForAnswers(filenames, Math.min(...orders.map(({end}) => end)));
    },
    async takeFills() {
      const rows = await account.query(() => readFills(store, account.owner, lastFillId));
      lastFillId = rows.at(-1)?.fillId ?? lastFillId;
      const {strategy, account: name} = account.owner;
      return rows.map((fill): Fill => ({...fill, strategy, account: name}));
    },
  };
}

/** Orders that fit into one row of `submitted_orders`. */
export interface WrittenList {
  readonly filename: string;
  readonly text: string;
  readonly orders: readonly Order[];
}

/**
 * Orders as lists `filename_{n}.txt`, each as long as a row allows.
 *
 * @param first the number of the first list
 * @throws ReckonError `misuse` when a single order is too long for a row
 */
export function orderLists(orders: readonly Order[], first: number): WrittenList[] {
  const lists: {filename: string; text: string; orders: Order[]}[] = [];
  for (const order of orders) {
    const line = formatOrder(order);
    const last = lists.at(-1);
    if (last !== undefined && last.text.length + 1 + line.length <= ORDERS_TEXT_LIMIT) {
      last.text += `\n${line}`;
      last.orders.push(order);
    } else if (line.length <= ORDERS_TEXT_LIMIT) {
      const filename = `filename_${first + lists.length}.txt`;
      lists.push({filename, text: line, orders: [order]});
    } else {
      throw new ReckonError("misuse", {
        place: `order ${order.orderId}`,
        expected: `at most ${ORDERS_TEXT_LIMIT} characters, which a row of submitted_orders holds`,
        found: `${line.length} characters`,
        fix: "give it fewer extra_params",
      });
    }
  }
  return lists;
}

function unanswered(
  filenames: readonly string[],
  answers: readonly OrderListAnswer[],
  deadline: EpochMs,
): ReckonError {
  const answered = new Set(answers.map(({filename}) => filename));
  return new ReckonError("failed", {
    place: `orders ${filenames.filter((filename) => !answered.has(filename)).join(", ")}`,
    expected: `an answer in accepted_orders by ${formatUtc(deadline)}, their deadline`,
    found: "none",
    fix: "see whether the order processor is running",
  });
}
