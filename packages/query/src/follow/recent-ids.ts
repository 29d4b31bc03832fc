import type { EventRecord } from "@prodigy-events/schema";
import { limits } from "../limits.js";
import type { CopyFilter } from "../read/copy-filter.js";

/**
 * Copies in a shared or foreign file, which has no sequence of its own: when such a file is written anew, records that
 * came a short while ago are known by their ids. In a shared file a record with a number that came a short while ago is a copy
 * at any time: its writer has sent it again.
 */
export class RecentIds implements CopyFilter {
  readonly isOneProducer = false;
  /** In the order in which they came; those before a rewriting are in `#before` as well. */
  readonly #ids = new Set<string>();
  #before: ReadonlySet<string> = new Set();
  #lastTaken: string | undefined;

  readonly #isShared: boolean;

  constructor({ isShared }: { isShared: boolean }) {
    this.#isShared = isShared;
  }

  /** A record with this id came. */
  remember(id: string): void {
    this.#ids.add(id);
    if (this.#ids.size > limits.maxRecentIds) this.#ids.delete(this.#ids.values().next().value as string);
  }

  /** Everything that was read has been taken. */
  commit(): void {
    this.#lastTaken = [...this.#ids].at(-1);
  }

  /** The ids of what was taken. `lastTaken` is that of the last record since `commit`, if there is one. */
  taken(lastTaken: string | undefined): string[] {
    const last = lastTaken ?? this.#lastTaken;
    const ids = last === undefined ? [] : [...this.#ids];
    return ids.slice(0, ids.lastIndexOf(last ?? "") + 1 || undefined);
  }

  /** The file begins anew: what came so far may come again. */
  restart(): void {
    this.#before = new Set(this.#ids);
  }

  isCopy({ id, metadata }: EventRecord, sequence: number): boolean {
    const isNumbered = sequence >= 0 && typeof metadata.producer_id === "string";
    if (this.#before.has(id) || (this.#isShared && isNumbered && this.#ids.has(id))) return true;
    this.remember(id);
    return false;
  }
}
