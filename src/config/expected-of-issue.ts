import type {z} from "zod";

const KINDS: Readonly<Record<string, string>> = {
  number: "a number",
  int: "a whole number",
  string: "a text",
  boolean: "true or false",
  null: "null",
  array: "a list",
  object: "named values",
  record: "named values",
};

/** What a schema expected where it found something else, in the words of our messages. */
export function expectedOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return KINDS[issue.expected] ?? issue.expected;
    case "too_small":
      return bounded(
        issue.origin,
        issue.inclusive === false ? "above" : "of at least",
        issue.minimum,
      );
    case "too_big":
      return bounded(
        issue.origin,
        issue.inclusive === false ? "below" : "of at most",
        issue.maximum,
      );
    case "invalid_value": {
      const values = issue.values.map((value) => JSON.stringify(value));
      return values.length === 1 ? (values[0] as string) : `one of ${values.join(", ")}`;
    }
    case "invalid_union":
      return unionOf(issue);
    default:
      return issue.message;
  }
}

function bounded(origin: string, how: string, limit: number | bigint): string {
  const kind = KINDS[origin];
  const isCounted = origin === "string" || origin === "array";
  if (isCounted && limit === 1) {
    return `${kind} that is not empty`;
  }
  const parts = {string: " characters", array: " entries"}[origin] ?? "";
  return `${kind ?? "a value"} ${how} ${limit}${parts}`;
}

/** A union with a message of its own says that; else what each of its parts expects. */
function unionOf({errors, message}: z.core.$ZodIssueInvalidUnion): string {
  const parts = errors.flatMap(([first]) => (first === undefined ? [] : [expectedOf(first)]));
  return message === "Invalid input" && parts.length > 0
    ? [...new Set(parts)].join(" or ")
    : message;
}
