import { constants } from "node:fs";
import {
  contentFormatOf,
  type FileSystem,
  type LineProblem,
  openForReading,
  readManifest,
} from "@prodigy-events/storage";
import { limits } from "../limits.js";
import type { PlannedSegment } from "../plan/query-plan.js";
import { reportTail } from "../read/line-problems.js";
import type { ReadContext } from "../read/read-context.js";
import { SegmentReader } from "../read/segment-reader.js";
import type { SourceSegment } from "../source/source-segment.js";
import type { GapReason } from "./follow-input.js";

/** What somebody did to a file in its place. */
export type Rewriting = Extract<GapReason, "truncated" | "replaced">;

/**
 * One segment that is followed: how far it has been read, and, while it may grow, a descriptor that keeps its content
 * within reach whatever happens to its name.
 */
export class SegmentTail {
  /** As it was last seen. */
  source: SourceSegment;
  /** Where the first line begins that was not read yet, in the uncompressed content. */
  #offset: number;
  #descriptor: number | undefined;
  /** The first bytes, of files that others may write anew. */
  #fingerprint: Buffer | undefined;
  #partialLine: LineProblem | undefined;
  #isVanished = false;
  /** Where the first line begins that was not taken when everything read had been. */
  #takenOffset: number;
  /** Its content may have changed since the offset was noted: to be looked at before it is read. */
  #isUnproved: boolean;

  /** @param fingerprint the first bytes, of a file that is followed on from where an earlier follow was */
  constructor(source: SourceSegment, offset: number, fingerprint?: Buffer) {
    this.source = source;
    this.#offset = offset;
    this.#takenOffset = offset;
    this.#fingerprint = fingerprint;
    this.#isUnproved = fingerprint !== undefined;
  }

  get offset(): number {
    return this.#offset;
  }

  get takenOffset(): number {
    return this.#takenOffset;
  }

  /** The first bytes, as far as they are known. */
  get fingerprint(): Buffer {
    return this.#fingerprint ?? Buffer.alloc(0);
  }

  /** Everything that was read has been taken. */
  commit(): void {
    this.#takenOffset = this.#offset;
  }

  /** Whether its name says that nothing will be appended, or it has none any more. */
  get isFinal(): boolean {
    return this.#isVanished || this.source.segment.state !== "plain";
  }

  /**
   * Whether something had come, when it was last measured, since it was read to its end. What comes later waits for the
   * next scan: by then the producer's segment before this one, which is read first, has been read to its final end.
   */
  get mayHaveMore(): boolean {
    const read = this.#offset + (this.#partialLine?.length ?? 0);
    return this.isFinal || this.#isUnproved || this.source.segment.bytes !== read;
  }

  /** Whether what is left of a removed segment can still be read. */
  get isWithinReach(): boolean {
    return this.#descriptor !== undefined;
  }

  /** Nothing by its name is left: only the descriptor leads to it. */
  vanish(): void {
    this.#isVanished = true;
  }

  /** It was found again, perhaps renamed or compressed. */
  found(source: SourceSegment): void {
    this.source = source;
  }

  /** Notes how large it is now, which a listing of a directory that has not changed does not tell. */
  async measure(fs: FileSystem): Promise<void> {
    if (this.isFinal) return;
    await this.#takeFingerprint(fs);
    const { segment } = this.source;
    const stats = this.#descriptor === undefined ? fs.stat(segment.path) : fs.fstat(this.#descriptor);
    const bytes = await stats.then(
      ({ size }) => size,
      () => segment.bytes, // renamed or removed: the next scan tells
    );
    if (bytes !== segment.bytes) this.source = { ...this.source, segment: { ...segment, bytes } };
  }

  /** Reads what has come, up to where the content ends now; from its beginning if somebody has written it anew. */
  async open(
    file: number,
    context: ReadContext,
    onRewritten: (how: Rewriting) => void,
  ): Promise<SegmentReader> {
    const wasHeld = this.isWithinReach;
    await this.#hold(context.fs);
    const rewriting = await this.#rewriting(context.fs);
    if (rewriting !== undefined) {
      this.#offset = 0;
      onRewritten(rewriting);
    } else if (!wasHeld && (await this.#isCut(context.fs))) {
      this.#offset = 0; // the numbers of its records tell which were read before
    }
    this.#isUnproved = false;
    this.#partialLine = undefined;
    const planned: PlannedSegment = { source: this.#readableSource(), file };
    const onTail = (tail: LineProblem) => {
      this.#partialLine = tail;
    };
    return new SegmentReader(planned, { direction: "forward", startOffset: this.#offset, onTail }, context);
  }

  moveTo(offset: number): void {
    this.#offset = offset;
  }

  /** Gives back the descriptor. A partial line that is left is counted: torn, if nobody will finish it. */
  async close(context: ReadContext): Promise<void> {
    const descriptor = this.#descriptor;
    this.#descriptor = undefined;
    if (descriptor !== undefined) await context.fs.close(descriptor);
    if (!this.#partialLine) return;
    const isClosed = this.isFinal || (await context.isClosed(this.source.segment));
    reportTail(this.#partialLine, this.source.path, isClosed, context);
    this.#partialLine = undefined;
  }

  /** Gives back the descriptor alone, for others to have one. */
  async letGo(fs: FileSystem): Promise<void> {
    const descriptor = this.#descriptor;
    this.#descriptor = undefined;
    if (descriptor !== undefined) await fs.close(descriptor);
  }

  /** Only growing plain files are held: anything else is found by its name, and Windows has no `/dev/fd`. */
  async #hold(fs: FileSystem): Promise<void> {
    const isGrowing = !this.isFinal && process.platform !== "win32";
    if (!isGrowing || this.#descriptor !== undefined) return;
    const flags = constants.O_RDONLY | constants.O_NONBLOCK;
    // Gone, or closed to us: opening it by its name says so, and is reported.
    this.#descriptor = await fs.open(this.source.segment.path, flags).catch(() => undefined);
  }

  /** The held file under its descriptor, unless its compressed form has taken over. */
  #readableSource(): SourceSegment {
    const { segment } = this.source;
    const isHeld = this.#descriptor !== undefined && (this.#isVanished || segment.state === "plain");
    return isHeld
      ? { ...this.source, segment: { ...segment, path: `/dev/fd/${this.#descriptor}` } }
      : this.source;
  }

  async #takeFingerprint(fs: FileSystem): Promise<void> {
    if (this.source.segment.kind === "own" || this.#fingerprint !== undefined) return;
    await this.#hold(fs);
    if (this.#descriptor !== undefined) await this.#rewriting(fs);
  }

  /** Whether a file that others write is shorter than what was read of it, or begins otherwise. */
  async #rewriting(fs: FileSystem): Promise<Rewriting | undefined> {
    const { kind, state, path } = this.source.segment;
    const isOnlyNamed = this.#descriptor === undefined;
    // What is final was followed under its descriptor until then; only a follow that goes on has to look.
    if (kind === "own" || state === "compressed" || (isOnlyNamed && !this.#isUnproved)) return undefined;
    const before = this.#fingerprint;
    const fd = this.#descriptor ?? (await openForReading(path, fs)).fd;
    try {
      const buffer = Buffer.alloc(limits.fingerprintBytes);
      const count = await fs.read(fd, buffer, 0, buffer.length, 0);
      this.#fingerprint = buffer.subarray(0, count);
      const { size } = await fs.fstat(fd);
      // What is compressed, whatever its name says, is smaller than its content.
      if (size < this.#offset && contentFormatOf(this.#fingerprint) === "plain") return "truncated";
      const beginsOtherwise =
        before !== undefined && !this.#fingerprint.subarray(0, before.length).equals(before);
      return beginsOtherwise ? "replaced" : undefined;
    } finally {
      if (isOnlyNamed) await fs.close(fd);
    }
  }

  /** Whether `clean` has cut lines out of one of our own segments, which moves those that stayed. */
  async #isCut(fs: FileSystem): Promise<boolean> {
    const { kind, directory, logicalName } = this.source.segment;
    if (kind !== "own" || this.#offset === 0) return false;
    // A damaged manifest says nothing; then the offset stands.
    const manifest = await readManifest(directory, logicalName, fs).catch(() => undefined);
    return manifest?.removed !== undefined;
  }
}
