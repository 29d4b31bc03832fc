import { appendFile, mkdir, rename, rm, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { type AnyEvent, type EventRecord, encodeRecord } from "@prodigy-events/schema";
import {
  ChecksumAccumulator,
  compressSegment,
  currentProcessIdentity,
  formatSegmentName,
  registerProducer,
  writeManifest,
} from "@prodigy-events/storage";

/** A record whose fields do not matter, at an instant in milliseconds since the Unix epoch. */
export function recordAt(
  ms: number,
  overrides: Partial<EventRecord> & { event?: AnyEvent } = {},
): EventRecord {
  const serial = (counter++).toString(16).padStart(12, "0");
  return {
    id: `01900000-0000-7000-8000-${serial}`,
    timestamp: new Date(ms).toISOString(),
    correlation_id: "run-1",
    event: {
      event_type: "agent_progress",
      job_id: "job-1",
      agent_id: "agent-1",
      step: "working",
      progress_pct: 50,
    },
    metadata: { host: "localhost", pid: 1, thread: "main" },
    ...overrides,
  };
}

let counter = 0;

/** Writes segments as a logger's writer does: numbered records, rotation, compression, manifests. For tests. */
export class TestProducer {
  readonly directory: string;
  readonly id: string;
  #createdAtMs: number;
  #path: string | undefined;
  #sequence = 0;
  /** The logical names of all segments so far. */
  readonly segments: string[] = [];

  constructor(directory: string, id: string, createdAtMs = Date.UTC(2026, 0, 1)) {
    this.directory = directory;
    this.id = id;
    this.#createdAtMs = createdAtMs;
  }

  get path(): string {
    if (this.#path === undefined) throw new Error("no segment is open");
    return this.#path;
  }

  get nextSequence(): number {
    return this.#sequence;
  }

  /** Says that the producer is this very process, so that it counts as alive. */
  async register(): Promise<void> {
    await mkdir(this.directory, { recursive: true });
    const startedAt = new Date().toISOString();
    await registerProducer(this.directory, {
      ...currentProcessIdentity(),
      producerId: this.id,
      version: "0",
      startedAt,
    });
  }

  /** Says that the producer was a process that is gone. */
  async registerDead(): Promise<void> {
    await mkdir(this.directory, { recursive: true });
    const startedAt = new Date().toISOString();
    const identity = { ...currentProcessIdentity(), processStartTime: "1", producerId: this.id };
    await registerProducer(this.directory, { ...identity, version: "0", startedAt });
  }

  /** The lines of records with this producer's next numbers. */
  encode(records: readonly EventRecord[]): string {
    return records.map((record) => encodeRecord(this.number(record))).join("");
  }

  /** The record with this producer's next number. */
  number(record: EventRecord): EventRecord {
    return { ...record, metadata: { ...record.metadata, producer_id: this.id, sequence: this.#sequence++ } };
  }

  async append(records: readonly EventRecord[]): Promise<void> {
    await this.appendRaw(this.encode(records));
  }

  async appendRaw(text: string | Uint8Array): Promise<void> {
    await appendFile(await this.#open(), text);
  }

  /** Leaves numbers out, or with a negative count uses some again. */
  skip(count: number): void {
    this.#sequence += count;
  }

  /** Opens the next segment; the present one is closed and gets its new name. */
  async rotate(): Promise<string> {
    const closed = this.path;
    this.#path = undefined;
    await this.#open();
    await rename(closed, `${closed}.rotated`);
    return `${closed}.rotated`;
  }

  /** Begins the next segment and leaves the present one as it is, as at an abrupt end. */
  leave(): void {
    this.#path = undefined;
  }

  async #open(): Promise<string> {
    if (this.#path !== undefined) return this.#path;
    await mkdir(this.directory, { recursive: true });
    const name = formatSegmentName(this.#createdAtMs++, this.id);
    this.#path = join(this.directory, name);
    await writeFile(this.#path, "", { flag: "wx" });
    this.segments.push(name);
    return this.#path;
  }

  /** Notes that a segment, the present one or that named, is complete; `former` is what clean cut it down from. */
  async seal(
    content: Uint8Array,
    lastSequence = this.#sequence - 1,
    firstSequence = 0,
    {
      segment = this.segments.at(-1)!,
      former,
      onlyRecords = true,
    }: { segment?: string; former?: Uint8Array; onlyRecords?: boolean } = {},
  ): Promise<void> {
    const now = new Date().toISOString();
    await writeManifest(this.directory, {
      version: 1,
      segment,
      producerId: this.id,
      firstSequence,
      lastSequence,
      createdAt: now,
      closedAt: now,
      ...sumsOf(content),
      ...(onlyRecords ? { onlyRecords } : {}),
      ...(former === undefined ? {} : { supersedes: { ...sumsOf(former), removed: [] } }),
    });
  }
}

function sumsOf(content: Uint8Array) {
  const sums = new ChecksumAccumulator();
  sums.update(content);
  return sums.finish();
}

/** Compresses a rotated segment as the writer does, in members of `memberBytes`. */
export async function compress(rotated: string, memberBytes = 1 << 20): Promise<string> {
  await compressSegment(rotated, `${rotated}.gz`, { memberBytes });
  await unlink(rotated);
  return `${rotated}.gz`;
}

/** Compresses a file in one piece, as the program `gzip` does. */
export async function gzipWhole(path: string, content: Uint8Array): Promise<string> {
  await writeFile(`${path}.gz`, await promisify(gzip)(content));
  await rm(path, { force: true });
  return `${path}.gz`;
}
