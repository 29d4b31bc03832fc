import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import zlib from "node:zlib";
import { nativePath } from "../files/native-path.js";
import { type Member, stepThroughMembersSync } from "../gzip/list-members.js";
import { memberHeaderBytes, memberTrailerBytes } from "../gzip/member-header.js";
import { limits } from "../limits.js";
import type { Segment } from "../segments/segment.js";
import { contentFormatOf, formatProbeBytes } from "./content-format.js";
import type { LineBlock } from "./line.js";

const lineEnd = 0x0a;
/** A line end is looked for in steps of so many bytes: most lines are shorter. */
const seekBytes = 4096;

/** A stretch of whole lines of a segment, which can be read by itself. Plain data. */
export interface SegmentRange {
  /** Of its first line, in the uncompressed content. */
  readonly start: number;
  /** After its last line; `Infinity` for wherever the file ends when it is read. */
  readonly end: number;
  /** The gzip members that hold it; left out for a plain file. */
  readonly members?: readonly Member[];
}

/** Where the lines of a range ended, and how many bytes of an unfinished line stand after them. */
export interface RangeEnd {
  readonly end: number;
  readonly tailBytes: number;
}

/**
 * A segment's file, read range by range without waiting for anything: for threads that do nothing else. It gives only
 * sound content; for everything odd its answer is `undefined`, or the error of the system, and the segment is left to
 * `readBlocks`, which finds a segment that was renamed, says what is damaged, and reads on behind it.
 */
export class RangeFile {
  /** Size on disk when it was opened. */
  readonly bytes: number;
  readonly #fd: number;
  /** `undefined` for a plain file. */
  readonly #members: readonly Member[] | undefined;
  /** Kept for the next look into the same member. */
  #lastInflated: { readonly member: Member; readonly content: Buffer } | undefined;

  private constructor(fd: number, bytes: number, members: readonly Member[] | undefined) {
    this.#fd = fd;
    this.bytes = bytes;
    this.#members = members;
  }

  /** Opens the very file that was listed; `undefined` if that is another one by now, or compressed by somebody else. */
  static open({ path, dev, ino }: Pick<Segment, "path" | "dev" | "ino">): RangeFile | undefined {
    const fd = openSync(nativePath(path), constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    let file: RangeFile | undefined;
    try {
      const stats = fstatSync(fd);
      const isListed = stats.isFile() && stats.dev === dev && stats.ino === ino;
      if (isListed) file = RangeFile.#of(fd, stats.size);
    } finally {
      if (!file) closeSync(fd);
    }
    return file;
  }

  static #of(fd: number, bytes: number): RangeFile | undefined {
    const probe = Buffer.alloc(formatProbeBytes);
    const format = contentFormatOf(probe.subarray(0, readSync(fd, probe, 0, formatProbeBytes, 0)));
    if (format === "plain") return new RangeFile(fd, bytes, undefined);
    const members = format === "members" ? stepThroughMembersSync(fd, bytes) : undefined;
    return members && new RangeFile(fd, bytes, members);
  }

  /** Bytes of the uncompressed content. */
  get contentBytes(): number {
    const last = this.#members?.at(-1);
    return last ? last.logicalOffset + last.logicalBytes : this.bytes;
  }

  /**
   * Cuts the content into ranges of about `rangeBytes`, more where a line or a gzip member is longer. Those of a plain file
   * begin at the first lines that begin at or after its multiples.
   *
   * @param from the first line that is wanted of a plain file
   */
  cut(rangeBytes: number, from = 0): SegmentRange[] {
    return this.#members ? cutMembers(this.#members, rangeBytes) : this.#cutPlain(rangeBytes, from);
  }

  #cutPlain(rangeBytes: number, from: number): SegmentRange[] {
    const ranges: SegmentRange[] = [];
    let start = from;
    for (
      let at = (Math.floor(from / rangeBytes) || 0) * rangeBytes + rangeBytes;
      at < this.bytes;
      at += rangeBytes
    ) {
      const end = this.#lineStartAfter(at);
      if (end === undefined || end <= start) continue;
      ranges.push({ start, end });
      start = end;
    }
    ranges.push({ start, end: Number.POSITIVE_INFINITY });
    return ranges;
  }

  /** The first beginning of a line at or after `offset`; `undefined` if the line before it is very long, or the last. */
  #lineStartAfter(offset: number): number | undefined {
    const buffer = Buffer.allocUnsafe(seekBytes);
    for (let at = offset - 1; at < offset + limits.chunkBytes; at += seekBytes) {
      const count = readSync(this.#fd, buffer, 0, seekBytes, at);
      const found = buffer.subarray(0, count).indexOf(lineEnd);
      if (found >= 0) return at + found + 1;
      if (count < seekBytes) return undefined;
    }
    return undefined;
  }

  /**
   * Reads a range into `room` and gives its lines to `onBlock`, block by block; a block is valid during the call, and
   * for a plain file it lies at the beginning of `room`. `undefined`, perhaps after some blocks, when what stands there
   * is not sound, or not as it was when it was cut.
   */
  read(range: SegmentRange, room: Buffer, onBlock: (block: LineBlock) => void): RangeEnd | undefined {
    if ((range.members === undefined) !== (this.#members === undefined)) return undefined;
    return range.members ? this.#readMembers(range.members, onBlock) : this.#readPlain(range, room, onBlock);
  }

  #readPlain({ start, end }: SegmentRange, room: Buffer, onBlock: (block: LineBlock) => void) {
    let position = start;
    let kept = 0;
    while (position < end) {
      const count = readSync(this.#fd, room, kept, Math.min(room.length - kept, end - position), position);
      if (count === 0) break;
      position += count;
      const filled = kept + count;
      const cut = room.lastIndexOf(lineEnd, filled - 1) + 1;
      if (cut > 0 && cut <= filled) {
        onBlock({ offset: position - filled, bytes: room.subarray(0, cut) });
        room.copyWithin(0, cut, filled);
        kept = filled - cut;
      } else if (filled === room.length) {
        return undefined; // a line that there is no room for
      } else {
        kept = filled;
      }
    }
    const isWhole = end === Number.POSITIVE_INFINITY || (position === end && kept === 0);
    return isWhole ? { end: position - kept, tailBytes: kept } : undefined;
  }

  /**
   * Reads content from `start` up to `end` to the place `at` in a buffer; false, with anything there, if it is not there, or
   * not sound.
   */
  readAt(start: number, end: number, buffer: Buffer, at: number): boolean {
    if (!this.#members) return readSync(this.#fd, buffer, at, end - start, start) === end - start;
    for (let from = start; from < end; ) {
      const member = this.#memberAt(from);
      if (!member) return false;
      if (this.#lastInflated?.member !== member) {
        const content = this.#inflate(member);
        if (!content) return false;
        this.#lastInflated = { member, content };
      }
      const { content } = this.#lastInflated;
      from += content.copy(
        buffer,
        at + from - start,
        from - member.logicalOffset,
        end - member.logicalOffset,
      );
    }
    return true;
  }

  /** The member with the content at an offset. */
  #memberAt(offset: number): Member | undefined {
    const members = this.#members ?? [];
    let [low, high] = [0, members.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const { logicalOffset, logicalBytes } = members[middle]!;
      if (logicalOffset + logicalBytes <= offset) low = middle + 1;
      else high = middle;
    }
    return members[low];
  }

  #readMembers(members: readonly Member[], onBlock: (block: LineBlock) => void): RangeEnd | undefined {
    let end: RangeEnd = { end: members[0]?.logicalOffset ?? 0, tailBytes: 0 };
    for (const member of members) {
      const content = end.tailBytes === 0 ? this.#inflate(member) : undefined;
      if (!content) return undefined;
      const cut = content.lastIndexOf(lineEnd) + 1;
      if (cut > 0) onBlock({ offset: member.logicalOffset, bytes: content.subarray(0, cut) });
      end = { end: member.logicalOffset + cut, tailBytes: content.length - cut };
    }
    // A line that goes on in the next member is none that ends here.
    const isLast = members.at(-1)?.offset === this.#members?.at(-1)?.offset;
    return end.tailBytes === 0 || isLast ? end : undefined;
  }

  /** The content of a member; `undefined` if it is not what was compressed. */
  #inflate({ offset, compressedBytes, logicalBytes }: Member): Buffer | undefined {
    const member = Buffer.allocUnsafe(compressedBytes);
    if (readSync(this.#fd, member, 0, compressedBytes, offset) !== compressedBytes) return undefined;
    const outputBytes = Math.max(logicalBytes, 64); // zlib's smallest output buffer
    try {
      const deflated = member.subarray(memberHeaderBytes, compressedBytes - memberTrailerBytes);
      const content = zlib.inflateRawSync(deflated, { chunkSize: outputBytes, maxOutputLength: outputBytes });
      const storedCrc32 = member.readUInt32LE(compressedBytes - memberTrailerBytes);
      return content.length === logicalBytes && zlib.crc32(content) === storedCrc32 ? content : undefined;
    } catch {
      return undefined; // a broken deflate stream, which `readBlocks` salvages and reports
    }
  }

  close(): void {
    closeSync(this.#fd);
  }
}

function cutMembers(members: readonly Member[], rangeBytes: number): SegmentRange[] {
  const ranges: SegmentRange[] = [];
  let group: Member[] = [];
  for (const member of members) {
    group.push(member);
    const start = group[0]!.logicalOffset;
    const end = member.logicalOffset + member.logicalBytes;
    if (end - start < rangeBytes && member !== members.at(-1)) continue;
    ranges.push({ start, end, members: group });
    group = [];
  }
  return ranges;
}
