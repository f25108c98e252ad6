/** Why a command ended; the command line maps it to an exit code. */
export type ErrorCode =
  | "misuse" // a flag, parameter or config value is wrong; nothing was started
  | "bad-data" // an input file or folder is wrong; nothing was started
  | "failed" // work began and could not be finished
  | "interrupted"; // the user or the system asked to stop

/** Parts of a message in the house grammar: place, expected, found, what to do. */
export interface Complaint {
  readonly place: string;
  readonly expected: string;
  readonly found: string;
  readonly fix?: string;
}

/** An error a user or the world can cause; its message is complete without a stack. */
export class ReckonError extends Error {
  static {
    ReckonError.prototype.name = "ReckonError";
  }
  readonly code: ErrorCode;

  constructor(code: ErrorCode, complaint: Complaint | string, options?: {cause?: unknown}) {
    super(typeof complaint === "string" ? complaint : formatComplaint(complaint), options);
    this.code = code;
  }
}

/** `place: expected X, found Y; fix`. */
export function formatComplaint({place, expected, found, fix}: Complaint): string {
  const text = `${place}: expected ${expected}, found ${found}`;
  return fix === undefined ? text : `${text}; ${fix}`;
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  if (error instanceof Error) {
    return error.message;
  }
  return typeof error === "object" && error !== null ? describe(error) : String(error);
}

/** An object as JSON, where it has any. */
function describe(thrown: object): string {
  try {
    return JSON.stringify(thrown) ?? Object.prototype.toString.call(thrown);
  } catch {
    return Object.prototype.toString.call(thrown);
  }
}

/** True for a file-system error with this code, for example `ENOENT`. */
export function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === code;
}
