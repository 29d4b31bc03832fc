import { stat } from "node:fs/promises";
import type { RetentionPolicy } from "../../src/index.js";
import type { WrittenFile } from "./random-store.js";
import { nowMs } from "./test-store.js";

/** A record as the oracle sees it: everything in memory, parsed by nothing but `JSON.parse`. */
interface OracleRecord {
  file: OracleFile;
  line: string;
  offset: number;
  ms: number;
  producerId: string;
  sequence: number;
  jobId: string | undefined;
}

interface OracleFile {
  path: string;
  /** With job ids, only the directories of these jobs and the local file are read. */
  isInScope: boolean;
  isProtected: boolean;
  /** Goes whole or not at all, since its producer may be alive. */
  isWholeOnly: boolean;
  isPlain: boolean;
  storedBytes: number;
  records: OracleRecord[];
  wanted: OracleRecord[];
  /** Non-blank lines, or a tail, that are no records. */
  others: string[];
  contentBytes: number;
}

/** What a clean must do, found the plain way. */
export interface Expectation {
  removed: string[];
  kept: string[];
}

/** Says which lines go and which stay, by sorting all records of all files in memory. */
export async function expectRemoval(
  written: readonly WrittenFile[],
  policy: RetentionPolicy,
  jobIds: readonly string[] | undefined,
): Promise<Expectation> {
  const all = await Promise.all([...written].sort(byPath).map((file) => oracleFile(file, jobIds)));
  const files = all.filter(({ isInScope }) => isInScope);
  const wanted = files.flatMap((file) => file.wanted).sort(inOrder);
  const doomed = new Set([
    ...byAge(wanted, policy.olderThanMs),
    ...byCount(wanted, policy.maxEvents),
    ...bySize(files, wanted, policy.maxBytes),
  ]);
  const removed = files.flatMap((file) => {
    const going = file.isProtected ? [] : file.wanted.filter((record) => doomed.has(record));
    return file.isWholeOnly && !(isWhole(file) && going.length === file.wanted.length) ? [] : going;
  });
  const gone = new Set(removed);
  return {
    removed: removed.map(({ line }) => line).sort(),
    kept: all
      .flatMap((file) => [
        ...file.records.filter((record) => !gone.has(record)).map(({ line }) => line),
        ...file.others,
      ])
      .sort(),
  };
}

/** What compressing the rest of a small file takes at most: each of the 3 parts of zlib's bound is a byte, and two members. */
function sureToBeFreed({ storedBytes, contentBytes, wanted }: OracleFile): number {
  const rest = contentBytes - wanted.reduce((sum, { line }) => sum + Buffer.byteLength(line), 0);
  return Math.max(0, storedBytes - (rest + (rest > 0 ? 3 : 0) + 128));
}

/** Nothing stays of it when its wanted records go. */
function isWhole({ records, wanted, others }: OracleFile): boolean {
  return others.length === 0 && records.length === wanted.length;
}

function byAge(wanted: OracleRecord[], olderThanMs: number | undefined): OracleRecord[] {
  return olderThanMs === undefined ? [] : wanted.filter(({ ms }) => nowMs - ms > olderThanMs);
}

function byCount(wanted: OracleRecord[], maxEvents: number | undefined): OracleRecord[] {
  if (maxEvents === undefined) return [];
  const kept = new Set<string>();
  let index = wanted.length - 1;
  for (; index >= 0; index -= 1) {
    const name = nameOf(wanted[index]!);
    if (!kept.has(name) && kept.size === maxEvents) break;
    kept.add(name);
  }
  return wanted.slice(0, index + 1).filter((record) => !kept.has(nameOf(record)));
}

function bySize(files: OracleFile[], wanted: OracleRecord[], maxBytes: number | undefined): OracleRecord[] {
  if (maxBytes === undefined) return [];
  let tooMuch = files.reduce((sum, file) => sum + bytesInScope(file), 0) - maxBytes;
  const doomed: OracleRecord[] = [];
  const queue = wanted.filter(({ file }) => !file.isProtected);
  while (tooMuch > 0 && queue.length > 0) {
    const oldest = nameOf(queue[0]!);
    while (queue.length > 0 && nameOf(queue[0]!) === oldest) {
      const record = queue.shift()!;
      const { file } = record;
      const isLast = !queue.some((other) => other.file === file);
      if (file.isPlain) {
        doomed.push(record);
        tooMuch -= Buffer.byteLength(record.line);
        const lineBytes = file.wanted.reduce((sum, { line }) => sum + Buffer.byteLength(line), 0);
        if (isLast && isWhole(file)) tooMuch -= file.contentBytes - lineBytes;
      } else if (isLast) {
        doomed.push(...file.wanted);
        if (isWhole(file)) tooMuch -= file.storedBytes;
        else if (!file.isWholeOnly) tooMuch -= sureToBeFreed(file);
      }
    }
  }
  return doomed;
}

function bytesInScope({ records, wanted, isPlain, storedBytes, contentBytes }: OracleFile): number {
  if (records.length === wanted.length) return storedBytes;
  const bytes = wanted.reduce((sum, { line }) => sum + Buffer.byteLength(line), 0);
  return isPlain ? bytes : Math.ceil((storedBytes * bytes) / contentBytes);
}

/** What a record is known by: a copy has the same name. */
function nameOf({ producerId, sequence, file, offset }: OracleRecord): string {
  return producerId === "" || sequence < 0 ? `${file.path}:${offset}` : `${producerId}/${sequence}`;
}

function inOrder(a: OracleRecord, b: OracleRecord): number {
  return (
    a.ms - b.ms ||
    compare(a.producerId, b.producerId) ||
    a.sequence - b.sequence ||
    compare(a.file.path, b.file.path) ||
    a.offset - b.offset
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function byPath(a: WrittenFile, b: WrittenFile): number {
  return compare(a.path, b.path);
}

async function oracleFile(
  { path, spec, content }: WrittenFile,
  jobIds: readonly string[] | undefined,
): Promise<OracleFile> {
  const isWholeOnly = spec.place === "own" && spec.producer !== "dead";
  const file: OracleFile = {
    path,
    isInScope: jobIds === undefined || spec.place === "local" || jobIds.includes(spec.jobId),
    isProtected: isProtected(spec),
    isWholeOnly,
    isPlain: !isWholeOnly && (spec.form !== "gz" || spec.place === "shared" || spec.place === "local"),
    storedBytes: (await stat(path)).size,
    records: [],
    wanted: [],
    others: [],
    contentBytes: Buffer.byteLength(content),
  };
  let offset = 0;
  for (const line of content.split(/(?<=\n)/)) {
    const record = parse(line, file, offset);
    offset += Buffer.byteLength(line);
    if (record === undefined) {
      if (line.trim() !== "") file.others.push(line);
      continue;
    }
    file.records.push(record);
    const jobId = record.jobId ?? (spec.place === "local" ? undefined : spec.jobId);
    if (jobIds === undefined || (jobId !== undefined && jobIds.includes(jobId))) file.wanted.push(record);
  }
  return file;
}

function isProtected({ place, form, producer, sealed, isRecent }: WrittenFile["spec"]): boolean {
  if (isRecent) return true;
  if (place === "shared" || place === "local") return false;
  if (place === "foreign") return form === "plain";
  return form === "plain" && !sealed && producer !== "dead";
}

function parse(line: string, file: OracleFile, offset: number): OracleRecord | undefined {
  if (!line.startsWith('{"id":"r') || !line.endsWith("\n")) return undefined;
  const { timestamp, event, metadata } = JSON.parse(line);
  const { producer_id: producerId = "", sequence = -1 } = metadata;
  return { file, line, offset, ms: Date.parse(timestamp), producerId, sequence, jobId: event.job_id };
}
