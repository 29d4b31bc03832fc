import { mkdir, readdir, readFile, unlink, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { openStore, type Store } from "@prodigy-events/query";
import {
  ChecksumAccumulator,
  compressSegment,
  currentProcessIdentity,
  type FileSystem,
  formatSegmentName,
  jobDirectory,
  type Manifest,
  nodeFileSystem,
  registerProducer,
  writeManifest,
} from "@prodigy-events/storage";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import { hourMs, nowMs } from "./times.js";

export { hourMs, minuteMs, nowMs } from "./times.js";

/**
 * The real file system without waiting for the disk: what a test that does thousands of small cleans would spend
 * its time on. That fsync is called, and what happens when it fails, shows all the same.
 */
export const quickFileSystem: FileSystem = {
  ...nodeFileSystem,
  fsync: async () => undefined,
  fdatasync: async () => undefined,
};

export type SegmentForm = "plain" | "rotated" | "gz";

/** How a test wants a file of the store. */
export interface FileSpec {
  /** Whole lines with their line ends; and whatever else is to be in it. */
  content: string | Buffer;
  form?: SegmentForm;
  /** When it was last written. Default: two hours before `nowMs`. */
  writtenAtMs?: number;
}

/** A segment of one of our producers. */
export interface SegmentSpec extends FileSpec {
  jobId?: string;
  producerId: string;
  /** Default `dead`. */
  producer?: "dead" | "alive" | "unknown";
  createdAtMs?: number;
  /** With a manifest, as after a clean end. */
  sealed?: boolean;
}

/** A store in a temporary directory. */
export class TestStore {
  readonly root: string;
  readonly repo = "repo";
  /** A directory outside of the store, for local files and a working directory. */
  readonly outside: string;
  readonly archive: string;

  private constructor(base: string) {
    this.root = join(base, "store");
    this.outside = join(base, "work");
    this.archive = join(base, "archive");
  }

  static async create(): Promise<TestStore> {
    const store = new TestStore((await temporaryDirectory()).path);
    await mkdir(store.root, { mode: 0o700 });
    await mkdir(store.outside, { mode: 0o700 });
    return store;
  }

  directory(jobId = "job-1"): string {
    return jobDirectory(this.root, this.repo, jobId);
  }

  /** Writes a segment of ours and returns its path. */
  async segment(spec: SegmentSpec): Promise<string> {
    const { jobId, producerId, producer = "dead", createdAtMs = nowMs - 5 * hourMs, sealed = false } = spec;
    const directory = this.directory(jobId);
    const name = formatSegmentName(createdAtMs, producerId);
    await mkdir(directory, { recursive: true, mode: 0o700 });
    if (producer !== "unknown") await this.#register(directory, producerId, producer);
    if (sealed) await writeManifest(directory, manifestOf(name, producerId, spec), quickFileSystem);
    return this.file(join(directory, name), spec);
  }

  /** Writes any file, in one of the forms; returns its path. */
  async file(
    path: string,
    { content, form = "plain", writtenAtMs = nowMs - 2 * hourMs }: FileSpec,
  ): Promise<string> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const target = form === "plain" ? path : `${path}.rotated`;
    await writeFile(target, content, { mode: 0o600 });
    const final = form === "gz" ? `${target}.gz` : target;
    if (form === "gz") {
      await compressSegment(target, final, { memberBytes: 512, fs: quickFileSystem });
      await unlink(target);
    }
    await utimes(final, writtenAtMs / 1000, writtenAtMs / 1000);
    return final;
  }

  /** What the program would open with the same arguments. */
  open(options: { files?: string[]; local?: boolean; cwd?: string; root?: string } = {}): Promise<Store> {
    const { files, local = false, cwd = this.outside, root = this.root } = options;
    return openStore({ root, repo: this.repo, cwd, local, ...(files === undefined ? {} : { files }) });
  }

  async #register(directory: string, producerId: string, producer: "dead" | "alive"): Promise<void> {
    const self = currentProcessIdentity();
    // Our own pid with another start time: the process that had it is gone for certain.
    const identity = producer === "alive" ? self : { ...self, processStartTime: "1" };
    const startedAt = new Date(nowMs - 6 * hourMs).toISOString();
    const file = { ...identity, producerId, version: "0.0.0", startedAt };
    await registerProducer(directory, file, quickFileSystem).catch(() => undefined); // registered with another segment
  }
}

function manifestOf(
  segment: string,
  producerId: string,
  { content, writtenAtMs = nowMs - 2 * hourMs }: FileSpec,
): Manifest {
  const sums = new ChecksumAccumulator();
  sums.update(Buffer.from(content));
  const closedAt = new Date(writtenAtMs).toISOString();
  const sequences = { firstSequence: 0, lastSequence: 0 };
  return { version: 1, segment, producerId, ...sums.finish(), ...sequences, createdAt: closedAt, closedAt };
}

/** The uncompressed content of every segment below a directory, by path. Hidden files are left out. */
export async function contentsBelow(directory: string): Promise<Map<string, Buffer>> {
  const contents = new Map<string, Buffer>();
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || path.slice(directory.length).includes("/.")) continue;
    const bytes = await readFile(path);
    contents.set(path, bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes);
  }
  return contents;
}

/** All lines below a directory, sorted, with their line ends; bytes that are no text as they decode. */
export async function linesBelow(directory: string): Promise<string[]> {
  const contents = await contentsBelow(directory);
  return [...contents.values()]
    .flatMap((bytes) => bytes.toString("latin1").split(/(?<=\n)/))
    .filter((line) => line !== "")
    .sort();
}
