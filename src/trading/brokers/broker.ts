import type {Fill} from "../orders/fill.js";
import type {Order} from "../orders/order.js";

/** Takes orders and says what became of them; paper and real brokers are the same to a system. */
export interface Broker {
  /** Refuses orders whose deadline has passed. */
  submitOrders(orders: readonly Order[]): Promise<void>;
  /** Fills that became known since the last call, in the order of their ids; each is given once. */
  takeFills(): Promise<readonly Fill[]>;
}
