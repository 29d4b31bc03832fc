import { nodeFileSystem } from "@prodigy-events/storage";
import { hasFilter } from "../filter/query.js";
import { limits } from "../limits.js";
import type { PlannedSegment, QueryPlan } from "../plan/query-plan.js";
import type { ReadContext } from "../read/read-context.js";
import { indexWork } from "../segment-index/index-work.js";
import { openSegmentIndex } from "../segment-index/open-segment-index.js";
import type { SegmentIndex } from "../segment-index/segment-index.js";
import type { ScanTarget } from "./scan.js";
import { segmentsInOrder } from "./scan-part.js";

/** The indexes of the segments of a plan that fit them, as far as they help with a question. */
export class PlanIndexes {
  readonly #context: ReadContext;
  /** By the number of the segment: where what is indexed ends, and whether anything follows it. */
  readonly #covered = new Map<number, { readonly endOffset: number; readonly isAll: boolean }>();
  readonly #wanted = new Set<number>();
  readonly #open = new Map<number, SegmentIndex>();

  private constructor(context: ReadContext) {
    this.#context = context;
  }

  static async of(plan: QueryPlan, target: ScanTarget, context: ReadContext): Promise<PlanIndexes> {
    const indexes = new PlanIndexes(context);
    // Where every line has to be looked at, an index saves nothing.
    const isOfUse = hasFilter(plan.query) || (target.mask !== undefined && !context.search);
    if (context.index && isOfUse && context.fs === nodeFileSystem) {
      const segments = [...segmentsInOrder(plan)].map(({ planned }) => planned);
      await Promise.all(segments.map((planned) => indexes.#look(planned)));
    }
    return indexes;
  }

  async #look(planned: PlannedSegment): Promise<void> {
    const { segment } = planned.source;
    const { fs, bounds } = this.#context;
    if (planned.endOffset !== undefined || segment.bytes < bounds.minIndexedBytes) return;
    if (segment.kind === "shared") return; // which of its records are copies is in no index
    const { index, reason } = await openSegmentIndex(segment, {
      fs,
      maxInflatedBytes: bounds.maxInflatedBytes,
    });
    if (index) await this.#keep(planned.file, index);
    const found = index ? { endOffset: index.header.endOffset, isGrown: index.isGrown } : reason;
    if (typeof found === "object" && !found.isGrown) return;
    const isClosed = await this.#context.isClosed(segment);
    const situation = { bytes: segment.bytes, isClosed, isShared: false, index: found };
    const work = indexWork(situation, bounds);
    if (work === "build" || work === "extend") this.#wanted.add(planned.file);
  }

  async #keep(file: number, index: SegmentIndex): Promise<void> {
    const { header, isGrown } = index;
    const isAll = !isGrown && header.contentBytes === header.endOffset;
    this.#covered.set(file, { endOffset: header.endOffset, isAll });
    if (this.#open.size < limits.maxOpenIndexes) this.#open.set(file, index);
    else await index.close();
  }

  /** Whether an index is to be made of a segment when it is read. */
  wantsIndex({ file }: PlannedSegment): boolean {
    return this.#wanted.has(file);
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
    const { fs, bounds } = this.#context;
    const { index: again } = await openSegmentIndex(segment, {
      fs,
      maxInflatedBytes: bounds.maxInflatedBytes,
    });
    if (again?.header.endOffset === this.#covered.get(file)!.endOffset) return again;
    await again?.close();
    return undefined;
  }

  async close(): Promise<void> {
    for (const index of this.#open.values()) await index.close();
    this.#open.clear();
  }
}
