import type {ParameterType} from "./parameter-type.js";

/** By name, wherever it is declared or imported from; see `type-names.ts`. */
const meanings: readonly (readonly [name: RegExp, type: ParameterType])[] = [
  [/^(Integer|Int)$/i, {kind: "integer"}],
  [/^(DateText|IsoDate)$/, {kind: "dateText"}],
  [/^(SecretText|Secret)$/, {kind: "secret"}],
];

/** What a name means for which TypeScript has no type of its own; undefined for other names. */
export function namedType(name: string): ParameterType | undefined {
  return meanings.find(([pattern]) => pattern.test(name))?.[1];
}

/** The property by which a type of {@link declareNamed} tells its name. */
export const nameMark = "@reckon";

/**
 * A declaration that lets the compiler carry the meaning of a name through types that are made of
 * it: `Partial<{n: Integer}>`.
 */
export function declareNamed(name: string): string {
  const made = namedType(name)?.kind === "integer" ? "number" : "string";
  return `type ${name} = ${made} & {readonly "${nameMark}": "${name}"};`;
}
