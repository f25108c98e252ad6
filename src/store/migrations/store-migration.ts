/** One step of the schema. Once released it never changes: a later change is a further step. */
export interface StoreMigration {
  /** `0001-tables`: steps are applied in the order of their names. */
  readonly name: string;
  /** SQL that both PostgreSQL 15 and PGlite understand; all or none of it is applied. */
  readonly statements: readonly string[];
}
