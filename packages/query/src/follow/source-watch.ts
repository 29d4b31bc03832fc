import { eventsDirectory, type FileSystem, listSegments, repoDirectory } from "@prodigy-events/storage";
import { QueryError } from "../errors.js";
import { limits } from "../limits.js";
import { findFiles, jobDirectories, onceEach, sourceSegment } from "../source/find-sources.js";
import type { SourceSegment } from "../source/source-segment.js";
import type { StoreConfig } from "../source/store-config.js";

/** When something was looked at, by two clocks. */
interface Moment {
  /** For how long ago it is: this clock is never set. */
  readonly elapsedMs: number;
  /** For comparing with the times of files. */
  readonly epochMs: number;
}

const never: Moment = { elapsedMs: Number.NEGATIVE_INFINITY, epochMs: Number.NEGATIVE_INFINITY };

/** What was last found in a directory, and when. */
interface Listing {
  readonly mtimeMs: number;
  readonly listedAt: Moment;
  readonly segments: readonly SourceSegment[];
}

/**
 * Finds, scan after scan, the segments that are there, and lists only directories that have changed: a directory's
 * mtime changes whenever a file in it is created, renamed or removed.
 */
export class SourceWatch {
  readonly #config: StoreConfig;
  readonly #jobIds: readonly string[];
  readonly #listings = new Map<string, Listing>();
  #directories: readonly string[] = [];
  #directoriesState = "";
  #directoriesAt = never;
  #others: readonly SourceSegment[] = [];
  #othersAt = never;

  constructor(config: StoreConfig, jobIds: readonly string[]) {
    this.#config = config;
    this.#jobIds = jobIds;
  }

  /** The directories in which something may appear, for watchers. */
  get directories(): readonly string[] {
    const { root, repo, files } = this.#config;
    const parents =
      files.length > 0 ? [] : [repo === undefined ? eventsDirectory(root) : repoDirectory(root, repo)];
    return [
      ...new Set([...parents, ...this.#others.map(({ segment }) => segment.directory), ...this.#directories]),
    ];
  }

  /** All segments, each file once; those of unchanged directories as they were when they were listed. */
  async scan(): Promise<SourceSegment[]> {
    const now: Moment = { elapsedMs: performance.now(), epochMs: Date.now() };
    await this.#findOthers(now);
    if (this.#config.files.length > 0) return [...this.#others];
    await this.#findDirectories(now);
    const found = [...this.#others];
    for (const directory of this.#directories) found.push(...(await this.#list(directory, now)));
    return onceEach(found);
  }

  /** The files that were named, at every scan; the local ones, which take a search, once in a while. */
  async #findOthers(now: Moment): Promise<void> {
    const isNamed = this.#config.files.length > 0;
    if (!isNamed && isWithin(limits.localFilesIntervalMs, this.#othersAt, now)) return;
    const isFirst = this.#othersAt === never;
    this.#othersAt = now;
    try {
      const found = await findFiles(this.#config);
      this.#others = onceEach(
        found.flatMap(({ origin, segments }) => segments.map((segment) => sourceSegment(segment, origin))),
      );
    } catch (error) {
      // A named file that is gone after a while is no longer followed; one that never was is a mistake.
      if (isFirst || !(error instanceof QueryError) || error.code !== "NOT_FOUND") throw error;
      this.#others = [];
    }
  }

  async #findDirectories(now: Moment): Promise<void> {
    const { root, repo, fs } = this.#config;
    const parent = repo === undefined ? eventsDirectory(root) : repoDirectory(root, repo);
    const mtimeMs = await mtimeOf(parent, fs);
    const state = `${mtimeMs}`;
    const isFresh = isWithin(limits.fullScanIntervalMs, this.#directoriesAt, now) && repo !== undefined;
    const isSettled = wasSettled(mtimeMs ?? now.epochMs, this.#directoriesAt);
    if (isFresh && isSettled && state === this.#directoriesState) return;
    this.#directories = await jobDirectories(this.#config, this.#jobIds);
    this.#directoriesState = state;
    this.#directoriesAt = now;
  }

  async #list(directory: string, now: Moment): Promise<readonly SourceSegment[]> {
    const { fs } = this.#config;
    const mtimeMs = await mtimeOf(directory, fs);
    if (mtimeMs === undefined) return [];
    const known = this.#listings.get(directory);
    const isFresh = known?.mtimeMs === mtimeMs && isWithin(limits.fullScanIntervalMs, known.listedAt, now);
    if (isFresh && wasSettled(mtimeMs, known.listedAt)) return known.segments;
    const segments = (await listSegments(directory, fs)).map((segment) => sourceSegment(segment, "store"));
    this.#listings.set(directory, { mtimeMs, listedAt: now, segments });
    return segments;
  }
}

function isWithin(intervalMs: number, since: Moment, now: Moment): boolean {
  return now.elapsedMs - since.elapsedMs < intervalMs;
}

/** Whether a directory had not changed for so long when it was looked at that another change has another time. */
function wasSettled(mtimeMs: number, lookedAt: Moment): boolean {
  return lookedAt.epochMs - mtimeMs > limits.mtimeResolutionMs;
}

/** `undefined` for a directory that does not exist (yet). */
async function mtimeOf(directory: string, fs: FileSystem): Promise<number | undefined> {
  return fs.stat(directory).then(
    (stats) => stats.mtimeMs,
    () => undefined, // whatever keeps it from being examined keeps it from being listed
  );
}
