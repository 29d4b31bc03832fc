import type { EventRecord } from "@prodigy-events/schema";
import { limits } from "../limits.js";
import type { CopyFilter } from "../read/copy-filter.js";

/**
 * Copies in a shared or foreign file, which has no sequence of its own: when such a file is written anew, records that
 * came a short while ago are known by their ids.
 */
export class RecentIds implements CopyFilter {
  readonly isOneProducer = false;
  /** In the order in which they came; those before a rewriting are in `#before` as well. */
  readonly #ids = new Set<string>();
  #before: ReadonlySet<string> = new Set();

  /** @param ids those of the records that were there at the start, oldest first */
  constructor(ids: readonly string[] = []) {
    for (const id of ids) this.#ids.add(id);
  }

  /** The file begins anew: what came so far may come again. */
  restart(): void {
    this.#before = new Set(this.#ids);
  }

  isCopy({ id }: EventRecord): boolean {
    if (this.#before.has(id)) return true;
    this.#ids.add(id);
    if (this.#ids.size > limits.maxRecentIds) this.#ids.delete(this.#ids.values().next().value as string);
    return false;
  }
}
