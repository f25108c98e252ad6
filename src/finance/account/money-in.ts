import type {CurrencyState, LedgerState} from "./ledger.js";

/**
 * An account's money, all currencies added up in one.
 *
 * Everything is converted at the rates of now, the capital too, so that the total adds up as each
 * currency does and holds no gain of the rates. A currency without a rate makes the total NaN: what
 * cannot be valued is not counted as anything.
 *
 * @param rates value of one unit of each currency; the currency itself is 1
 */
export function moneyIn(
  currency: string,
  {currencies}: LedgerState,
  rates: Readonly<Record<string, number>>,
): CurrencyState {
  const total = (of: (state: CurrencyState) => number): number =>
    currencies.reduce((sum, state) => {
      const amount = of(state);
      const rate = state.currency === currency ? 1 : (rates[state.currency] ?? Number.NaN);
      return sum + (amount === 0 ? 0 : amount * rate);
    }, 0);
  return {
    currency,
    capital: total(({capital}) => capital),
    cash: total(({cash}) => cash),
    gmv: total(({gmv}) => gmv),
    nmv: total(({nmv}) => nmv),
    netWealth: total(({netWealth}) => netWealth),
    realised: total(({realised}) => realised),
    unrealised: total(({unrealised}) => unrealised),
    fees: total(({fees}) => fees),
    funding: total(({funding}) => funding),
  };
}
