import type { Entry } from "./match.js";

/** Entries in order, a chunk at a time: what a merge reads from. */
export interface EntrySource {
  /**
   * The wanted entries of the next chunk, perhaps none; `undefined` at the end.
   *
   * @param chunkBytes about how many bytes of lines to read
   */
  next(chunkBytes: number): Promise<Entry[] | undefined>;
  /** Gives back the descriptor; `next` goes on where it was. */
  release(): Promise<void>;
}
