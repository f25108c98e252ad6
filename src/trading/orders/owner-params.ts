import type {ConfigTree, ConfigValue} from "../../config/config-tree.js";
import type {OmsAccount} from "../../store/oms/oms-owner.js";
import {formatExtraParams, parseExtraParams} from "./extra-params.js";
import {parseNumberField} from "./record-line.js";

/** Whose an order or a fill is, and which order it is a part of. */
export interface TradeOwner extends OmsAccount {
  /** The order that this one, or the filled one, is a part of; null for one of its own. */
  readonly parentOrderId: number | null;
}

/** Whose an order is that names nobody, as most of the reference's. */
export const NOBODY: OmsAccount = Object.freeze({strategy: "", account: ""});

/** Under this name the reference keeps a child's parent among its further parameters. */
const PARENT = "oms_parent_order_id";

const OWN_NAMES: ReadonlySet<string> = new Set([PARENT, "strategy", "account"]);

/** What of further parameters would not come back from their text as it was; undefined: nothing. */
export function unfitParam(extraParams: Readonly<ConfigTree>): string | undefined {
  for (const [name, value] of Object.entries(extraParams)) {
    if (OWN_NAMES.has(name) || !isFiniteThroughout(value)) {
      return `${name}=${String(value)}`;
    }
  }
  return undefined;
}

function isFiniteThroughout(value: ConfigValue): boolean {
  if (typeof value === "object" && value !== null) {
    return Object.values(value).every(isFiniteThroughout);
  }
  return typeof value !== "number" || Number.isFinite(value);
}

const TEXTS_KEPT = 64;
const texts = new Map<string, string>();

/**
 * The value of `extra_params` in a line of text: the owner, where there is one, then the rest. The
 * orders of a run have one owner and mostly nothing else: that text is made once.
 */
export function formatOwned(
  {strategy, account, parentOrderId}: TradeOwner,
  extraParams: Readonly<ConfigTree> = {},
): string {
  const isPlain = parentOrderId === null && Object.keys(extraParams).length === 0;
  const key = `${strategy}\n${account}`;
  const known = isPlain ? texts.get(key) : undefined;
  if (known !== undefined) {
    return known;
  }
  const text = formatExtraParams({
    ...(parentOrderId === null ? {} : {[PARENT]: parentOrderId}),
    ...(strategy === "" ? {} : {strategy}),
    ...(account === "" ? {} : {account}),
    ...extraParams,
  });
  if (isPlain && texts.size < TEXTS_KEPT) {
    texts.set(key, text);
  }
  return text;
}

const owners = new Map<string, Omit<TradeOwner, "parentOrderId">>();

/**
 * The inverse of {@link formatOwned}; what a line does not say is `""` or null. A text of nothing
 * but an owner is read once, as all orders and fills of a run have the same.
 *
 * @throws ReckonError `bad-data` when the text is no dictionary, or the parent no number
 */
export function parseOwned(text: string): TradeOwner & {readonly extraParams: ConfigTree} {
  const known = owners.get(text);
  if (known !== undefined) {
    return {
      strategy: known.strategy,
      account: known.account,
      parentOrderId: null,
      extraParams: {},
    };
  }
  const {[PARENT]: parent = null, strategy = "", account = "", ...rest} = parseExtraParams(text);
  const owner = {strategy: String(strategy), account: String(account)};
  if (parent === null && Object.keys(rest).length === 0 && owners.size < TEXTS_KEPT) {
    owners.set(text, owner);
  }
  return {
    ...owner,
    parentOrderId: parent === null ? null : parseNumberField(String(parent), PARENT),
    extraParams: rest,
  };
}
