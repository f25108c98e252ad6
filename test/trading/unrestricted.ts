import type {Restriction} from "../../src/config/system-config.js";

/** A restriction that forbids nothing, of no instrument: what tests begin from. */
export const UNRESTRICTED: Restriction = {
  asset_id: "",
  is_restricted: false,
  is_buy_restricted: false,
  is_buy_cover_restricted: false,
  is_sell_short_restricted: false,
  is_sell_long_restricted: false,
};
