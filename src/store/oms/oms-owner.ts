/** Whose rows of the OMS tables: ids of orders, fills and files count within these three. */
export interface OmsOwner {
  readonly runId: string;
  readonly strategy: string;
  readonly account: string;
}

/** Whose positions: they outlive a run. */
export type OmsAccount = Pick<OmsOwner, "strategy" | "account">;

/** The columns that every OMS table but `current_positions` is keyed by. */
export function ownerColumns({runId, strategy, account}: OmsOwner): {
  readonly run_id: string;
  readonly strategyid: string;
  readonly account: string;
} {
  return {run_id: runId, strategyid: strategy, account};
}
