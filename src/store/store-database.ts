import type {Kysely} from "kysely";
import type {StoreSchema} from "./schema.js";

// Told here and not where `Store` is declared: whoever imports "reckon" meets the interface, and a
// notebook's compiler would read all of the query builder's types with it.
declare module "./store.js" {
  interface Store {
    readonly db: Kysely<StoreSchema>;
  }
}
