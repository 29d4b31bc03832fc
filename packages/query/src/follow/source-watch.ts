import { eventsDirectory, type FileSystem, listSegments, repoDirectory } from "@prodigy-events/storage";
import { QueryError } from "../errors.js";
import { limits } from "../limits.js";
import { findFiles, jobDirectories, onceEach, sourceSegment } from "../source/find-sources.js";
import type { SourceSegment } from "../source/source-segment.js";
import type { StoreConfig } from "../source/store-config.js";

/** What was last found in a directory, and when. */
interface Listing {
  readonly mtimeMs: number;
  readonly listedAtMs: number;
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
  #directoriesAtMs = Number.NEGATIVE_INFINITY;
  #others: readonly SourceSegment[] = [];
  #othersAtMs = Number.NEGATIVE_INFINITY;

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
    const nowMs = Date.now();
    await this.#findOthers(nowMs);
    if (this.#config.files.length > 0) return [...this.#others];
    await this.#findDirectories(nowMs);
    const found = [...this.#others];
    for (const directory of this.#directories) found.push(...(await this.#list(directory, nowMs)));
    return onceEach(found);
  }

  /** The files that were named, at every scan; the local ones, which take a search, once in a while. */
  async #findOthers(nowMs: number): Promise<void> {
    const isNamed = this.#config.files.length > 0;
    if (!isNamed && nowMs - this.#othersAtMs < limits.localFilesIntervalMs) return;
    const isFirst = this.#othersAtMs === Number.NEGATIVE_INFINITY;
    this.#othersAtMs = nowMs;
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

  async #findDirectories(nowMs: number): Promise<void> {
    const { root, repo, fs } = this.#config;
    const parent = repo === undefined ? eventsDirectory(root) : repoDirectory(root, repo);
    const mtimeMs = await mtimeOf(parent, fs);
    const state = `${mtimeMs}`;
    const isFresh = nowMs - this.#directoriesAtMs < limits.fullScanIntervalMs && repo !== undefined;
    const isSettled = this.#directoriesAtMs - (mtimeMs ?? nowMs) > limits.mtimeResolutionMs;
    if (isFresh && isSettled && state === this.#directoriesState) return;
    this.#directories = await jobDirectories(this.#config, this.#jobIds);
    this.#directoriesState = state;
    this.#directoriesAtMs = nowMs;
  }

  async #list(directory: string, nowMs: number): Promise<readonly SourceSegment[]> {
    const { fs } = this.#config;
    const mtimeMs = await mtimeOf(directory, fs);
    if (mtimeMs === undefined) return [];
    const known = this.#listings.get(directory);
    if (known && known.mtimeMs === mtimeMs && nowMs - known.listedAtMs < limits.fullScanIntervalMs) {
      if (known.listedAtMs - mtimeMs > limits.mtimeResolutionMs) return known.segments;
    }
    const segments = (await listSegments(directory, fs)).map((segment) => sourceSegment(segment, "store"));
    this.#listings.set(directory, { mtimeMs, listedAtMs: nowMs, segments });
    return segments;
  }
}

/** `undefined` for a directory that does not exist (yet). */
async function mtimeOf(directory: string, fs: FileSystem): Promise<number | undefined> {
  return fs.stat(directory).then(
    (stats) => stats.mtimeMs,
    () => undefined, // whatever keeps it from being examined keeps it from being listed
  );
}
