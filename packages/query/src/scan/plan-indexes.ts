import { nodeFileSystem } from "@prodigy-events/storage";
import { hasFilter } from "../filter/query.js";
import { limits } from "../limits.js";
import type { PlannedSegment, QueryPlan } from "../plan/query-plan.js";
import type { ReadContext } from "../read/read-context.js";
import { openSegmentIndex } from "../segment-index/open-segment-index.js";
import type { SegmentIndex } from "../segment-index/segment-index.js";
import type { ScanTarget } from "./scan.js";
import { segmentsInOrder } from "./scan-part.js";

/** The indexes of the segments of a plan that fit them, as far as they help with a question. */
export class PlanIndexes {
  readonly #context: ReadContext;
  /** By the number of the segment: where what is indexed ends, and whether anything follows it. */
  readonly #covered = new Map<number, { readonly endOffset: number; readonly isAll: boolean }>();
  readonly #open = new Map<number, SegmentIndex>();

  private constructor(context: ReadContext) {
    this.#context = context;
  }

  static async of(plan: QueryPlan, target: ScanTarget, context: ReadContext): Promise<PlanIndexes> {
    const indexes = new PlanIndexes(context);
    // Where every record has to be parsed, it costs as much to read them one by one.
    const isOfUse = target.mask !== undefined || hasFilter(plan.query);
    if (context.index && isOfUse && context.fs === nodeFileSystem) {
      const segments = [...segmentsInOrder(plan)].map(({ planned }) => planned);
      await Promise.all(segments.map((planned) => indexes.#look(planned)));
    }
    return indexes;
  }

  async #look({ source: { segment }, file, endOffset }: PlannedSegment): Promise<void> {
    if (endOffset !== undefined || segment.bytes < this.#context.bounds.minIndexedBytes) return;
    const index = await this.#openIndex(segment);
    if (!index) return;
    const { header, isGrown } = index;
    const isAll = !isGrown && header.contentBytes === header.endOffset;
    this.#covered.set(file, { endOffset: header.endOffset, isAll });
    if (this.#open.size < limits.maxOpenIndexes) this.#open.set(file, index);
    else await index.close();
  }

  /** How much of a segment is covered by an index; `undefined` if it has none. */
  covered({ file }: PlannedSegment): { readonly endOffset: number; readonly isAll: boolean } | undefined {
    return this.#covered.get(file);
  }

  /** The index of a segment, which the caller closes. */
  async take({ source: { segment }, file }: PlannedSegment): Promise<SegmentIndex | undefined> {
    const index = this.#open.get(file);
    this.#open.delete(file);
    if (index || !this.#covered.has(file)) return index;
    const again = await this.#openIndex(segment);
    return again?.header.endOffset === this.#covered.get(file)!.endOffset ? again : undefined;
  }

  async #openIndex(segment: PlannedSegment["source"]["segment"]): Promise<SegmentIndex | undefined> {
    const { fs, bounds } = this.#context;
    const { index } = await openSegmentIndex(segment, { fs, maxInflatedBytes: bounds.maxInflatedBytes });
    return index;
  }

  async close(): Promise<void> {
    for (const index of this.#open.values()) await index.close();
    this.#open.clear();
  }
}
