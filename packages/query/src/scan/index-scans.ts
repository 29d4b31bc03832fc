import type { ReadContext } from "../read/read-context.js";
import { IndexScan } from "./index-scan.js";
import type { PlanIndexes } from "./plan-indexes.js";
import type { Scan } from "./scan.js";
import type { ScannedSegment } from "./scan-part.js";
import type { PlanTarget } from "./segment-scan.js";

/** Segments whose indexes are looked up ahead, while one is awaited: the thread pool has four threads. */
const ahead = 4;

/** The scans of the indexes of a plan, in order, some of them begun ahead of their turn. */
export class IndexScans {
  readonly #segments: readonly ScannedSegment[];
  readonly #indexes: PlanIndexes;
  readonly #scan: Scan & { readonly target: PlanTarget };
  readonly #context: ReadContext;
  readonly #begun = new Map<number, IndexScan | undefined>();
  #next = 0;

  constructor(
    segments: readonly ScannedSegment[],
    indexes: PlanIndexes,
    scan: Scan & { readonly target: PlanTarget },
    context: ReadContext,
  ) {
    this.#segments = segments;
    this.#indexes = indexes;
    this.#scan = scan;
    this.#context = context;
  }

  /** The scan of the index of a segment, given by its place in the order; `undefined` if it has no index. */
  async next(at: number): Promise<IndexScan | undefined> {
    for (; this.#next < this.#segments.length && this.#next <= at + ahead; this.#next++) {
      const { planned, producerId } = this.#segments[this.#next]!;
      const index = await this.#indexes.take(planned);
      const scan = index && new IndexScan(planned, index, producerId, this.#scan, this.#context);
      this.#begun.set(this.#next, scan);
      scan?.prepare().catch(() => {}); // whoever reads gets the error
    }
    const scan = this.#begun.get(at);
    this.#begun.delete(at);
    return scan;
  }

  async close(): Promise<void> {
    for (const scan of this.#begun.values()) await scan?.close();
    this.#begun.clear();
  }
}
