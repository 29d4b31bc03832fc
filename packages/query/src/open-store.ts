import { availableParallelism } from "node:os";
import { builtinEvents, type Catalog } from "@prodigy-events/schema";
import {
  currentProcessIdentity,
  type FileSystem,
  nodeFileSystem,
  type ProcessIdentity,
  repositoryOf,
  resolveRoot,
} from "@prodigy-events/storage";
import { type Bounds, defaultBounds } from "./bounds.js";
import { limits } from "./limits.js";
import { Store } from "./store.js";

/** What `openStore` takes; everything has a default. */
export interface StoreOptions {
  /** The root directory; without it `$PRODIGY_HOME`, else `~/.prodigy`. */
  readonly root?: string | undefined;
  /** The repository's name in the store; without it that of the repository around `cwd`. */
  readonly repo?: string | undefined;
  /** Every repository in the store. */
  readonly allRepos?: boolean | undefined;
  /**
   * Read these and nothing else: files (in whatever state of rotation they are by now), directories with what is below
   * them, globs, and `-` for standard input.
   */
  readonly files?: readonly string[] | undefined;
  /**
   * Whether to read the local shared files too, `.prodigy/events/mapreduce_events.jsonl` nearest upward from `cwd` and
   * in the other worktrees; by default unless files, or a repository other than that of `cwd`, are asked for.
   */
  readonly local?: boolean | undefined;
  readonly cwd?: string | undefined;
  readonly env?: NodeJS.ProcessEnv | undefined;
  readonly fs?: FileSystem | undefined;
  /** The event types that severities and categories are taken from. */
  readonly catalog?: Catalog<unknown> | undefined;
  /** The present, in milliseconds since the Unix epoch. */
  readonly now?: (() => number) | undefined;
  /** Producers to treat as dead although nothing proves it. */
  readonly assumeDead?: readonly string[] | undefined;
  /** Bounds of memory and descriptors other than the usual ones. */
  readonly bounds?: Partial<Bounds> | undefined;
  /** By how many threads segments are scanned, this one among them; by default as many as there are processors. */
  readonly threads?: number | undefined;
  /**
   * Whether indexes of segments are used, and made of closed segments that are read anyway; yes by default. Without them
   * the answers are the same, and take longer.
   */
  readonly index?: boolean | undefined;
  /** The code of further threads, for programs that bundle this package: `@prodigy-events/query/scan-worker`, bundled too. */
  readonly scanWorkerUrl?: URL | undefined;
  /** Read for `-`. */
  readonly stdin?: AsyncIterable<Uint8Array> | undefined;
}

/**
 * Opens a place to ask about. That it does not exist is no error: its answers are empty.
 *
 * @throws StorageError for a relative `$PRODIGY_HOME`, or a repository that cannot be examined
 *
 * @example
 * const store = await openStore({ repo: "my-repo" });
 * for await (const record of store.query({ eventTypes: ["agent_failed"], since: "2h" })) console.log(record.event.error);
 */
export async function openStore(options: StoreOptions = {}): Promise<Store> {
  const { cwd = process.cwd(), env = process.env, fs = nodeFileSystem, files = [] } = options;
  const root = resolveRoot({ ...(options.root === undefined ? {} : { root: options.root }), env });
  const here = files.length > 0 ? undefined : (await repositoryOf(cwd, fs)).name;
  const repo = options.allRepos ? undefined : (options.repo ?? here);
  let identity: ProcessIdentity | undefined;
  return new Store(
    {
      root,
      repo,
      files,
      local: options.local ?? (files.length === 0 && (repo === undefined || repo === here)),
      cwd,
      fs,
      get stdin() {
        return options.stdin ?? process.stdin; // the first look at it opens it
      },
    },
    {
      catalog: options.catalog ?? builtinEvents,
      now: options.now ?? Date.now,
      assumeDead: options.assumeDead ?? [],
      identity: () => (identity ??= currentProcessIdentity()), // it takes a dozen files, and never changes
      threads: {
        count: Math.min(options.threads ?? availableParallelism(), limits.maxScanThreads),
        workerUrl: options.scanWorkerUrl ?? new URL("./scan-worker.js", import.meta.url),
      },
      index: options.index ?? true,
      bounds: { ...defaultBounds, ...options.bounds },
    },
  );
}
