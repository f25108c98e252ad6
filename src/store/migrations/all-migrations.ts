import {tables} from "./0001-tables.js";
import type {StoreMigration} from "./store-migration.js";

/** Every step of the schema, oldest first. */
export const MIGRATIONS: readonly StoreMigration[] = [tables];
