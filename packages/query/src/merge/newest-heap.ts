import type { Entry } from "../read/match.js";
import { BinaryHeap } from "./binary-heap.js";
import { compareRanks } from "./order.js";

/** Keeps the newest entries of any number that are offered, in memory for `capacity` of them. */
export class NewestHeap {
  /** The oldest of those kept is on top. */
  readonly #heap = new BinaryHeap<Entry>(compareRanks);
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  offer(entry: Entry): void {
    const oldest = this.#heap.top;
    if (this.#heap.size < this.#capacity) this.#heap.push(entry);
    else if (oldest && compareRanks(entry, oldest) > 0) this.#heap.replaceTop(entry);
  }

  /** Those kept, newest first; the heap is empty afterwards. */
  drain(): Entry[] {
    return this.#heap.drain().sort((a, b) => compareRanks(b, a));
  }
}
