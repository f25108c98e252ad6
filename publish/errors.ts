/** Why publishing ended; the command line maps it to its exit code. */
export type PublishErrorCode =
  | "bad-notebook" // the file is missing or no notebook
  | "bad-parameter" // unknown or ill-typed; no kernel was started
  | "folder-in-use" // another run writes to the result folder
  | "kernel-not-started"
  | "render-failed"
  | "write-failed"
  | "upload-failed" // a site could not be read or written
  | "interrupted";

/** What a command that ended with such an error exits with. */
export const exitCodeOfError: Readonly<Record<PublishErrorCode, number>> = {
  "bad-notebook": 2,
  "bad-parameter": 2,
  "folder-in-use": 2,
  "kernel-not-started": 3,
  "render-failed": 8,
  "write-failed": 9,
  "upload-failed": 9,
  interrupted: 130,
};

/** An error of running or publishing a notebook; its message is complete without a stack. */
export class PublishError extends Error {
  static {
    PublishError.prototype.name = "PublishError";
  }
  readonly code: PublishErrorCode;

  constructor(code: PublishErrorCode, message: string, options?: {cause?: unknown}) {
    super(message, options);
    this.code = code;
  }
}

/** What somebody threw, in words. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
