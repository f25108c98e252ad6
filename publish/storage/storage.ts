/** A file that lies in a storage. */
export interface StoredFile {
  /** Path below the storage's root, parts joined by `/`. */
  readonly key: string;
  readonly bytes: number;
  /** Epoch milliseconds, by the storage's own clock. */
  readonly modifiedAt: number;
  /** Changes whenever the content does. */
  readonly version: string;
}

/** How a file is kept. */
export interface KeepOptions {
  /** Its name stands for its content for ever, so that browsers may keep it. */
  readonly immutable?: boolean;
}

/**
 * Where pages are kept: a folder, or a prefix of a bucket. Each file is there as a whole or not at
 * all. Every method throws PublishError: `upload-failed` with the file and the reason, and
 * `bad-parameter` for a key that leaves the root or no browser could ask for. Files below a name
 * with a dot in front are the site's own: they are never public.
 */
export interface Storage {
  /** The folder, or `s3://bucket/prefix`. */
  readonly place: string;
  /** The content type follows from the key's ending. */
  put(key: string, content: string | Uint8Array, options?: KeepOptions): Promise<void>;
  /** As `put`, but false and no change when the key is taken, also by somebody else just now. */
  create(key: string, content: string | Uint8Array): Promise<boolean>;
  /** Undefined when there is no such file. */
  get(key: string): Promise<Buffer | undefined>;
  has(key: string): Promise<boolean>;
  /** All files whose key begins with `prefix`, by key. */
  list(prefix: string): Promise<StoredFile[]>;
  copy(from: string, to: string): Promise<void>;
  /** Those that are gone already are no error. */
  remove(keys: readonly string[]): Promise<void>;
  /** The `file://` or `s3://` address of a key. */
  address(key: string): string;
  close(): void;
}
