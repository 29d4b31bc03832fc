import type { FileSystem } from "@prodigy-events/storage";

/** Where a store reads from, with every default resolved. */
export interface StoreConfig {
  /** The store's root directory. */
  readonly root: string;
  /** The repositories whose events are read; `undefined` for all in the store. */
  readonly repo: string | undefined;
  /** Files, directories, globs, or `-`; when there are any, nothing else is read. */
  readonly files: readonly string[];
  /** Whether the local shared files belong to what is read. */
  readonly local: boolean;
  readonly cwd: string;
  readonly fs: FileSystem;
  /** Standard input, read for `-`. */
  readonly stdin: AsyncIterable<Uint8Array>;
}
