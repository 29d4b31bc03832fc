import type { ContentFormat } from "@prodigy-events/storage";
import { groupEntryBytes } from "./group-directory.js";
import { groupRowCount, groupSpanBytes } from "./group-rows.js";
import { maxDictionaryBytes } from "./index-dictionary.js";
import { storedColumnCount, textColumnCount } from "./stored-column.js";

/** What tells a segment's file, and its content, from others. */
export interface IndexedSegment {
  readonly logicalName: string;
  readonly dev: number;
  readonly ino: number;
  /** Size of the file, and when it was changed last, when the reading for the index began. */
  readonly bytes: number;
  readonly mtimeMs: number;
  readonly format: ContentFormat;
}

/** An instant, as in `Instant`. */
export type HeaderInstant = readonly [ms: number, nanos: number];

/** A part of the file: how long it is, and its CRC-32. */
export interface Section {
  readonly bytes: number;
  readonly crc32: number;
}

/** What an index says of its segment as a whole; read without anything else of it. */
export interface IndexHeader {
  readonly segment: IndexedSegment;
  /** Bytes of uncompressed content that there were; more than `endOffset` where the last line had no end. */
  readonly contentBytes: number;
  /** Where the last whole line ends, in the uncompressed content: what is indexed. */
  readonly endOffset: number;
  /** SHA-256 of the last (at most 4,096) bytes before `endOffset`, in hex; `null` for compressed content. */
  readonly fingerprint: string | null;
  readonly rows: number;
  readonly decided: number;
  /** Bytes of the lines with their line feeds: without those of empty lines. */
  readonly lineBytes: number;
  /** Of decided rows: the first and the last, the earliest and the latest; `null` where there are none. */
  readonly firstInstant: HeaderInstant | null;
  readonly lastInstant: HeaderInstant | null;
  readonly minInstant: HeaderInstant | null;
  readonly maxInstant: HeaderInstant | null;
  /** Decided rows with an earlier time than the decided row before. */
  readonly outOfOrder: number;
  /** Of decided rows; -1 where there is none. */
  readonly firstSequence: number;
  readonly lastSequence: number;
  /** Whether every row is decided, and has the number after that of the row before. */
  readonly isNumbered: boolean;
  /** The record id of the first decided row; `null` if there is none, or it is very long. */
  readonly firstId: string | null;
  /** By text column: how many texts there are, decided rows without one, and decided rows whose text has no code. */
  readonly columns: readonly (Section & {
    readonly texts: number;
    readonly absent: number;
    readonly unlisted: number;
  })[];
  readonly groups: Section & { readonly count: number };
  readonly members: Section & { readonly count: number };
  /** By stored column: its bytes. */
  readonly data: readonly number[];
}

/** Bytes before the header: the magic text, the header's length and its CRC-32. */
export const prefaceBytes = 16;
/** The first bytes of every index; the last of them is the version. */
export const magic = Buffer.from("PRDGIDX1", "latin1");
/** A header has some 2,000 bytes, beside the name of the segment and the id of a record. */
export const maxHeaderBytes = 1 << 16;
/** A longer id of the first record is not kept: nobody's are. */
export const maxFirstIdLength = 1024;
/** A gzip member has at least a header and a trailer of so many bytes together. */
const leastMemberBytes = 18;
/** Bytes of one gzip member: four doubles. */
export const memberEntryBytes = 32;

/** The header in a text of JSON whose checksum has been compared; `undefined` if it is none that we would write. */
export function parseHeader(text: string): IndexHeader | undefined {
  let header: IndexHeader;
  try {
    header = JSON.parse(text) as IndexHeader;
  } catch {
    return undefined; // checked, but never JSON
  }
  try {
    return isHeader(header) ? header : undefined;
  } catch {
    return undefined; // a part is not there at all
  }
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const isSection = ({ bytes, crc32 }: Section): boolean => isCount(bytes) && isCount(crc32);
const isInstant = (value: HeaderInstant | null): boolean =>
  value === null || (value.length === 2 && Number.isSafeInteger(value[0]) && isCount(value[1]));

function isHeader(header: IndexHeader): boolean {
  const { segment, rows, decided, columns, data, groups, members } = header;
  return (
    typeof segment.logicalName === "string" &&
    [segment.dev, segment.ino, segment.bytes, segment.mtimeMs].every(Number.isFinite) &&
    ["plain", "members", "gzip", "zstd"].includes(segment.format) &&
    [header.contentBytes, header.endOffset, rows, decided, header.lineBytes, header.outOfOrder].every(
      isCount,
    ) &&
    header.endOffset <= header.contentBytes &&
    (segment.format !== "plain" || header.contentBytes <= segment.bytes) &&
    header.lineBytes <= header.endOffset &&
    decided <= rows &&
    rows <= header.endOffset &&
    (header.fingerprint === null || typeof header.fingerprint === "string") &&
    [header.firstInstant, header.lastInstant, header.minInstant, header.maxInstant].every(isInstant) &&
    [header.firstSequence, header.lastSequence].every(Number.isSafeInteger) &&
    typeof header.isNumbered === "boolean" &&
    (header.firstId === null || typeof header.firstId === "string") &&
    columns.length === textColumnCount &&
    columns.every((each) => isSection(each) && [each.texts, each.absent, each.unlisted].every(isCount)) &&
    columns.every(({ texts, bytes }) => texts <= bytes && bytes <= maxDictionaryBytes) &&
    isSection(groups) &&
    isCount(groups.count) &&
    groups.bytes === groups.count * groupEntryBytes &&
    groups.count >= rows / groupRowCount &&
    groups.count <= rows / groupRowCount + header.endOffset / groupSpanBytes + 1 &&
    isSection(members) &&
    isCount(members.count) &&
    members.bytes === members.count * memberEntryBytes &&
    members.count <= segment.bytes / leastMemberBytes &&
    data.length === storedColumnCount &&
    data.every(isCount)
  );
}
