import type {Frame} from "../../table/frame.js";
import type {RecordedSide} from "./recorded-side.js";

/** What the value and the PnL of an account are made of, per instrument. */
export interface AccountStreams {
  readonly held: Frame;
  readonly value: Frame;
  readonly shares: Frame;
  readonly traded: Frame;
}

/** The four streams of an account; undefined where one of them was not recorded. */
export function accountStreams({
  portfolio,
}: Pick<RecordedSide, "portfolio">): AccountStreams | undefined {
  const {
    holdings_shares: held,
    holdings_notional: value,
    executed_trades_shares: shares,
    executed_trades_notional: traded,
  } = portfolio;
  return held && value && shares && traded && {held, value, shares, traded};
}
