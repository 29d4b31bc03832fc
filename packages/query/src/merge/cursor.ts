import type { EntrySource } from "../read/entry-source.js";
import type { Entry } from "../read/match.js";
import type { Rank } from "./order.js";

/**
 * One input of a merge: the entries of a source that are in memory, and the rank by which the merge places it. Until
 * entries are loaded that rank is a bound which none of the coming ones passes.
 */
export class Cursor {
  /** The rank of the next entry if one is loaded, else a bound of it. */
  rank: Rank;
  readonly #source: EntrySource;
  #entries: readonly Entry[] = [];
  #at = 0;
  #isEnded = false;
  #heldBytes = 0;

  constructor(source: EntrySource, bound: Rank) {
    this.#source = source;
    this.rank = bound;
  }

  get isLoaded(): boolean {
    return this.#at < this.#entries.length;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Bytes of the lines held in memory. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** The next entry, which must be loaded. */
  take(): Entry {
    const entry = this.#entries[this.#at++]!;
    this.rank = this.#entries[this.#at] ?? entry;
    return entry;
  }

  /** Reads on until an entry is loaded or the source ends. */
  async load(chunkBytes: number): Promise<void> {
    this.#at = 0;
    this.#heldBytes = 0;
    do {
      const entries = await this.#source.next(chunkBytes);
      this.#isEnded = entries === undefined;
      this.#entries = entries ?? [];
    } while (this.#entries.length === 0 && !this.#isEnded);
    for (const { line } of this.#entries) this.#heldBytes += line.length;
    this.rank = this.#entries[0] ?? this.rank;
  }

  release(): Promise<void> {
    return this.#source.release();
  }
}
