import type { Bounds } from "../bounds.js";
import type { Cursor } from "./cursor.js";

/**
 * Loads the cursors of one merge within its bounds: `maxHeldBytes` of lines and `maxOpenReaders`
 * descriptors, however many cursors there are.
 */
export class CursorPool {
  /** Those whose source may hold a descriptor, least recently loaded first. */
  readonly #open = new Set<Cursor>();
  readonly #bounds: Bounds;
  #heldBytes = 0;

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
  }

  async load(cursor: Cursor): Promise<void> {
    this.#open.delete(cursor);
    this.#open.add(cursor);
    await this.#closeLeastRecent();
    this.#heldBytes -= cursor.heldBytes;
    await cursor.load(this.#chunkBytes());
    this.#heldBytes += cursor.heldBytes;
    if (cursor.isEnded) this.#open.delete(cursor);
  }

  async close(): Promise<void> {
    const open = [...this.#open];
    this.#open.clear();
    await Promise.all(open.map((cursor) => cursor.release()));
  }

  /** An eighth of what is left, so that many cursors share the bound; never so little that reading crawls. */
  #chunkBytes(): number {
    const share = Math.floor((this.#bounds.maxHeldBytes - this.#heldBytes) / 8);
    return Math.min(this.#bounds.maxDecodedBytes, Math.max(this.#bounds.minChunkBytes, share));
  }

  async #closeLeastRecent(): Promise<void> {
    for (const cursor of this.#open) {
      if (this.#open.size <= this.#bounds.maxOpenReaders) return;
      this.#open.delete(cursor);
      await cursor.release();
    }
  }
}
