const environment = String.raw`\bprocess\s*\??\.\s*env\b`;
const byName = String.raw`\??\.\s*([A-Za-z_$][\w$]*)`;
const byText = String.raw`(?:\?\.)?\s*\[\s*["']([^"'\n]+)["']\s*\]`;
const variable = new RegExp(String.raw`${environment}\s*(?:${byName}|${byText})`, "g");

/** `process` under its own name hides nothing: what is read of it is seen. */
const plainImport = /\bimport\s+(?:\*\s+as\s+)?process\s+from\s+["'](?:node:)?process["']/g;

/** What stands around a name that is used as a value, not for a part of it. */
const before = String.raw`(?:[=(,:{[?&|]|\breturn)`;
const after = String.raw`(?=\s*(?:[;,)\]}\n?!|&]|as\b|$))(?!\s*\?\.)`;

/** Ways to the environment on which its variables have no names that can be read. */
const doubts: readonly (readonly [pattern: RegExp, doubt: string])[] = [
  [
    new RegExp(String.raw`${environment}(?!\s*(?:${byName}|${byText}))`),
    "the environment as a whole",
  ],
  [/\b(?:from|import|require)\s*\(?\s*["'](?:node:)?process["']/, "names of the process module"],
  [/\b(?:process|global|globalThis)\s*(?:\?\.\s*)?\[/, "a computed part of the process"],
  [
    new RegExp(String.raw`${before}\s*(?:process|global|globalThis)${after}`),
    "the process as a value",
  ],
];

/** Names of the variables of the environment that a text reads. */
export function variablesOf(text: string): string[] {
  return [...text.matchAll(variable)].map(([, plain, quoted]) => plain ?? quoted ?? "");
}

/** Why it cannot be told which variables a text reads; null where it can. */
export function variableDoubt(text: string): string | null {
  const rest = text.replace(plainImport, "");
  return doubts.find(([pattern]) => pattern.test(rest))?.[1] ?? null;
}
