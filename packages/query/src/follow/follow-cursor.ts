import { QueryError } from "../errors.js";

/**
 * How far a follow has come, for another one to go on from. Plain data, JSON-safe; a stable format, but what is in it
 * is for `follow` alone.
 */
export interface FollowCursor {
  readonly version: 1;
  /** RFC 3339. */
  readonly savedAt: string;
  /** What was followed. A cursor fits no other question. */
  readonly scope: FollowScope;
  readonly producers: readonly ProducerCursor[];
  readonly files: readonly FileCursor[];
}

/** What a follow looks at, as far as it decides what is new. */
export interface FollowScope {
  /** Real path of the store's root directory. */
  readonly root: string;
  /** `null` for all. */
  readonly repo: string | null;
  /** Absolute paths and globs that were named instead of the store. */
  readonly files: readonly string[];
  readonly jobIds: readonly string[];
}

/** How far one producer's records have been followed. */
export interface ProducerCursor {
  readonly directory: string;
  readonly producerId: string;
  /** The next sequence number; `null` when nobody can tell. */
  readonly nextSequence: number | null;
  /** Numbers below it that have not come, as first and last. */
  readonly missing: readonly (readonly [first: number, last: number])[];
  /** The newest segment known, by its logical name. This one and older ones are done, unless they are in `open`. */
  readonly newestSegment: string;
  /** Segments that may still have something to read; offsets are uncompressed, after the last complete line taken. */
  readonly open: readonly { readonly segment: string; readonly offset: number }[];
}

/** How far a shared or foreign file has been followed. */
export interface FileCursor {
  readonly directory: string;
  /** Its logical name. */
  readonly name: string;
  readonly dev: number;
  readonly ino: number;
  /** Uncompressed, after the last complete line taken. Of one that is done: its size. */
  readonly offset: number;
  /** False for one that is done unless it grows. */
  readonly isOpen: boolean;
  /** Its first bytes, base64. */
  readonly fingerprint: string;
  /** The ids of its last records, oldest first: what comes again if it is rewritten. */
  readonly recentIds: readonly string[];
}

/**
 * Checks that a value, perhaps read from a file, is a cursor.
 *
 * @throws QueryError `CURSOR_DAMAGED`
 */
export function parseFollowCursor(value: unknown): FollowCursor {
  if (isCursor(value)) return value;
  throw new QueryError(
    "CURSOR_DAMAGED",
    "this is not where a follow had come to: it was changed, or is something else; remove it to begin anew",
  );
}

type Shape = Readonly<Record<string, unknown>>;

function isCursor(value: unknown): value is FollowCursor {
  return (
    isShape(value) &&
    value.version === 1 &&
    typeof value.savedAt === "string" &&
    isShape(value.scope) &&
    typeof value.scope.root === "string" &&
    (value.scope.repo === null || typeof value.scope.repo === "string") &&
    isListOf(value.scope.files, isText) &&
    isListOf(value.scope.jobIds, isText) &&
    isListOf(value.producers, isProducer) &&
    isListOf(value.files, isFile)
  );
}

function isProducer(value: unknown): boolean {
  return (
    isShape(value) &&
    [value.directory, value.producerId, value.newestSegment].every(isText) &&
    (value.nextSequence === null || isCount(value.nextSequence)) &&
    isListOf(
      value.missing,
      (range) => isListOf(range, isCount) && range.length === 2 && range[0]! <= range[1]!,
    ) &&
    isListOf(value.open, (open) => isShape(open) && isText(open.segment) && isCount(open.offset))
  );
}

function isFile(value: unknown): boolean {
  return (
    isShape(value) &&
    [value.directory, value.name, value.fingerprint].every(isText) &&
    [value.dev, value.ino, value.offset].every(isCount) &&
    typeof value.isOpen === "boolean" &&
    isListOf(value.recentIds, isText)
  );
}

function isShape(value: unknown): value is Shape {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isListOf<Item>(
  value: unknown,
  isItem: ((item: unknown) => item is Item) | ((item: unknown) => boolean),
): value is Item[] {
  return Array.isArray(value) && value.every((item) => isItem(item));
}
