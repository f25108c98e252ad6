import {z} from "zod";

/** A restriction as JSON files hold it. */
export const restrictionSchema = z.object({
  asset_id: z.string(),
  is_restricted: z.boolean(),
  is_buy_restricted: z.boolean(),
  is_buy_cover_restricted: z.boolean(),
  is_sell_short_restricted: z.boolean(),
  is_sell_long_restricted: z.boolean(),
});
