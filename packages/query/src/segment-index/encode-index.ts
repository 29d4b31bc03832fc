import { crc32 } from "node:zlib";
import type { Member } from "@prodigy-events/storage";
import { encodeGroups } from "./group-directory.js";
import type { IndexDictionary } from "./index-dictionary.js";
import {
  type IndexedSegment,
  type IndexHeader,
  magic,
  memberEntryBytes,
  prefaceBytes,
  type Section,
} from "./index-header.js";
import { summarizeGroups } from "./index-summary.js";
import type { PackedGroup } from "./packed-group.js";
import { storedColumnCount } from "./stored-column.js";

/** Everything that an index says. */
export interface IndexContent {
  readonly segment: IndexedSegment;
  readonly contentBytes: number;
  readonly endOffset: number;
  readonly fingerprint: string | null;
  readonly firstId: string | null;
  readonly dictionaries: readonly IndexDictionary[];
  readonly groups: readonly PackedGroup[];
  /** Of a segment compressed by us; none for all others. */
  readonly members: readonly Member[];
}

/** An index as it is written: its bytes, in parts that follow each other. */
export interface EncodedIndex {
  readonly header: IndexHeader;
  readonly parts: readonly Buffer[];
}

export function encodeIndex(content: IndexContent): EncodedIndex {
  const { segment, contentBytes, endOffset, fingerprint, firstId, groups, members } = content;
  const dictionaries = content.dictionaries.map((dictionary) => dictionary.encode());
  const groupEntries = encodeGroups(groups);
  const memberEntries = encodeMembers(members);
  const header: IndexHeader = {
    ...{ segment, contentBytes, endOffset, fingerprint, ...summarizeGroups(groups), firstId },
    columns: content.dictionaries.map(({ texts, absentCount, unlistedCount }, of) => ({
      ...{ texts, absent: absentCount, unlisted: unlistedCount },
      ...sectionOf(dictionaries[of]!),
    })),
    groups: { count: groups.length, ...sectionOf(groupEntries) },
    members: { count: members.length, ...sectionOf(memberEntries) },
    data: columnNumbers.map((of) =>
      groups.reduce((bytes, { columns }) => bytes + columns[of]!.bytes.length, 0),
    ),
  };
  const headerText = Buffer.from(JSON.stringify(header));
  const preface = Buffer.alloc(prefaceBytes);
  magic.copy(preface);
  preface.writeUInt32LE(headerText.length, 8);
  preface.writeUInt32LE(crc32(headerText), 12);
  const data = columnNumbers.flatMap((of) => groups.map(({ columns }) => bufferOf(columns[of]!.bytes)));
  return { header, parts: [preface, headerText, ...dictionaries, groupEntries, memberEntries, ...data] };
}

const columnNumbers = Array.from({ length: storedColumnCount }, (_, of) => of);

function sectionOf(bytes: Buffer): Section {
  return { bytes: bytes.length, crc32: crc32(bytes) };
}

function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

function encodeMembers(members: readonly Member[]): Buffer {
  const bytes = Buffer.alloc(members.length * memberEntryBytes);
  let at = 0;
  for (const { logicalOffset, offset, compressedBytes, logicalBytes } of members) {
    for (const value of [logicalOffset, offset, compressedBytes, logicalBytes])
      at = bytes.writeDoubleLE(value, at);
  }
  return bytes;
}
