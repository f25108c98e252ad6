import type {Message} from "./wire.js";

/** A piece of text; pieces of one stream belong together. */
export interface StreamOutput {
  readonly kind: "stream";
  readonly name: "stdout" | "stderr";
  readonly text: string;
}

/** What a cell puts out, as it arrives. */
export type KernelOutput =
  | StreamOutput
  | {
      readonly kind: "display";
      readonly data: Readonly<Record<string, unknown>>;
      readonly metadata: Readonly<Record<string, unknown>>;
      readonly displayId: string | null;
      /** Replaces what was shown under the same id, in whichever cell. */
      readonly isUpdate: boolean;
    }
  | {
      readonly kind: "error";
      readonly ename: string;
      readonly evalue: string;
      readonly traceback: readonly string[];
      readonly line: number | null;
      readonly column: number | null;
      readonly late: boolean;
    };

/** The output in a published message; undefined for anything else. */
export function readOutput({type, content, metadata}: Message): KernelOutput | undefined {
  switch (type) {
    case "stream":
      return {
        kind: "stream",
        name: content.name === "stderr" ? "stderr" : "stdout",
        text: textOf(content.text),
      };
    case "display_data":
    case "execute_result":
    case "update_display_data":
      return {
        kind: "display",
        data: objectOf(content.data),
        metadata: objectOf(content.metadata),
        displayId: displayIdOf(content.transient),
        isUpdate: type === "update_display_data",
      };
    case "error":
      return {kind: "error", ...readError(content), ...readPlace(metadata.reckon)};
    default:
      return undefined;
  }
}

/** The name, text and traceback of an error, from a message or from a reply. */
export function readError(content: Readonly<Record<string, unknown>>) {
  const traceback = Array.isArray(content.traceback) ? content.traceback.map(textOf) : [];
  return {ename: textOf(content.ename), evalue: textOf(content.evalue), traceback};
}

function readPlace(value: unknown) {
  const {line, column, late} = objectOf(value);
  return {
    line: typeof line === "number" ? line : null,
    column: typeof column === "number" ? column : null,
    late: late === true,
  };
}

function displayIdOf(value: unknown): string | null {
  const id = objectOf(value).display_id;
  return typeof id === "string" ? id : null;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? (value as Record<string, unknown>) : {};
}
