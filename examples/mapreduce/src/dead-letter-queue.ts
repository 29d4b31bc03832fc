import { join } from "node:path";
import type { FailureReason } from "@prodigy-events/schema";
import { readJsonFile, writeJsonFile } from "./json-file.js";

/** An item that failed as often as it may, with what a person needs to decide what to do about it. */
export interface DeadLetter {
  readonly itemId: string;
  readonly error: string;
  readonly failureReason: FailureReason;
  readonly errorSignature: string;
  readonly failureCount: number;
  readonly lastFailedAtMs: number;
}

/** The dead letter queue of one job, kept in a file of its own, because it outlives the run. */
export class DeadLetterQueue {
  readonly #path: string;
  readonly #letters: Map<string, DeadLetter>;

  constructor(folder: string) {
    this.#path = join(folder, "dead-letter-queue.json");
    const letters = readJsonFile<DeadLetter[]>(this.#path) ?? [];
    this.#letters = new Map(letters.map((letter) => [letter.itemId, letter]));
  }

  get letters(): readonly DeadLetter[] {
    return [...this.#letters.values()];
  }

  has(itemId: string): boolean {
    return this.#letters.has(itemId);
  }

  /** Adds an item, or brings up to date one that has failed again. */
  add(letter: DeadLetter): void {
    this.#letters.set(letter.itemId, letter);
    this.#save();
  }

  /** Removes an item; false if it was not there. */
  remove(itemId: string): boolean {
    const removed = this.#letters.delete(itemId);
    if (removed) this.#save();
    return removed;
  }

  /** Removes the items that failed last at `beforeMs` or earlier, and says how many they were. */
  evict(beforeMs: number): number {
    const old = this.letters.filter((letter) => letter.lastFailedAtMs <= beforeMs);
    for (const letter of old) this.#letters.delete(letter.itemId);
    if (old.length > 0) this.#save();
    return old.length;
  }

  /** The failures that look alike, the most frequent first: one cause is fixed once, not per item. */
  patterns(): { signature: string; items: string[] }[] {
    const bySignature = new Map<string, string[]>();
    for (const { errorSignature, itemId } of this.letters) {
      bySignature.set(errorSignature, [...(bySignature.get(errorSignature) ?? []), itemId]);
    }
    return [...bySignature]
      .map(([signature, items]) => ({ signature, items }))
      .sort((a, b) => b.items.length - a.items.length);
  }

  #save(): void {
    writeJsonFile(this.#path, this.letters);
  }
}

/**
 * What stays the same when the same thing goes wrong with another item: the reason and the error text
 * without the item's name, numbers and hexadecimal ids.
 */
export function errorSignature(reason: FailureReason, error: string, item: string): string {
  const text = error
    .replaceAll(item, "<item>")
    .replace(/\b(?=[0-9a-f]*[0-9])[0-9a-f]{7,64}\b/g, "<id>")
    .replace(/\d+/g, "<n>");
  return `${reason}: ${text}`;
}
