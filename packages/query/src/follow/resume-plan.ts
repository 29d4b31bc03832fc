import { join } from "node:path";
import { parseSegmentName } from "@prodigy-events/storage";
import type { SourceSegment } from "../source/source-segment.js";
import { chainKeyOf, isOfProducer, producerKeyOf } from "./chain-key.js";
import type { FileCursor, FollowCursor, ProducerCursor } from "./follow-cursor.js";
import { type Change, reconcile } from "./reconcile.js";

/** What a cursor means for what is there now. */
export interface ResumePlan {
  /** To be followed from an offset on; `rewritten`: its content is another than the cursor knows. */
  readonly followed: readonly Resumed[];
  /** Known, and nothing more to be read. */
  readonly done: readonly SourceSegment[];
  /** Paths of what was open and is gone. */
  readonly lostSegments: readonly { readonly producer: ProducerCursor; readonly path: string }[];
  readonly lostFiles: readonly string[];
  /** Paths of files that were open and under whose names there are others now. */
  readonly replacedFiles: readonly string[];
}

export interface Resumed {
  readonly source: SourceSegment;
  readonly offset: number;
  /** A shared or foreign file that the cursor knows. */
  readonly file?: FileCursor | undefined;
  readonly isRewritten?: boolean;
}

/**
 * Decides where reading goes on. Pure. A segment of ours is known by its name, which is never used twice; other files
 * by their inode, or when that is another by their name.
 */
export function planResume(cursor: FollowCursor, found: readonly SourceSegment[]): ResumePlan {
  const followed: Resumed[] = [];
  const done: SourceSegment[] = [];
  const producers = new Map(cursor.producers.map((producer) => [keyOfProducer(producer), producer]));
  for (const source of found.filter(isOfProducer)) {
    const producer = producers.get(chainKeyOf(source));
    const open = producer?.open.find(({ segment }) => segment === source.segment.logicalName);
    if (open !== undefined) followed.push({ source, offset: open.offset });
    else if (producer !== undefined && !isNewer(source, producer)) done.push(source);
    else followed.push({ source, offset: 0 });
  }
  const others = planFiles(
    cursor.files,
    found.filter((source) => !isOfProducer(source)),
    producers,
  );
  const present = new Set(found.map(({ segment }) => join(segment.directory, segment.logicalName)));
  const lostSegments = cursor.producers.flatMap((producer) =>
    producer.open
      .map(({ segment }) => join(producer.directory, segment))
      .filter((path) => !present.has(path))
      .map((path) => ({ producer, path })),
  );
  return {
    followed: [...followed, ...others.followed],
    done: [...done, ...others.done],
    lostSegments,
    lostFiles: others.lost,
    replacedFiles: others.replaced,
  };
}

function planFiles(
  files: readonly FileCursor[],
  found: readonly SourceSegment[],
  producers: ReadonlyMap<string, ProducerCursor>,
) {
  const followed: Resumed[] = [];
  const done: SourceSegment[] = [];
  const lost: string[] = [];
  const replaced: string[] = [];
  const fileOf = new Map(files.map((file) => [join(file.directory, file.name), file]));
  const known = new Map([...fileOf].map(([key, file]) => [key, asItWas(file)]));
  for (const change of reconcile(known, found)) {
    if (change.kind === "new") {
      if (isPartOfDone(change.source, producers)) {
        done.push(change.source);
        continue;
      }
      // A shared file under a name that is not known may be a part of one that is, cut or brought back.
      followed.push({
        source: change.source,
        offset: 0,
        isRewritten: change.source.segment.kind === "shared",
      });
      continue;
    }
    const file = fileOf.get(change.key)!;
    if (change.kind === "gone") {
      if (file.isOpen) lost.push(join(file.directory, file.name));
    } else if (isDone(change, file)) done.push(change.source);
    else if (change.kind === "continued") followed.push({ source: change.source, offset: file.offset, file });
    else {
      if (file.isOpen) replaced.push(change.source.path);
      followed.push({ source: change.source, offset: 0, file, isRewritten: true });
    }
  }
  return { followed, done, lost, replaced };
}

/** Whether a file holds lines of a segment that was done: they were read, or somebody was told that they were gone. */
function isPartOfDone(source: SourceSegment, producers: ReadonlyMap<string, ProducerCursor>): boolean {
  const { partOf } = source.segment;
  const producer = producers.get(producerKeyOf(source) ?? "");
  if (partOf === undefined || producer === undefined) return false;
  const isOpen = producer.open.some(({ segment }) => createdAtOf(segment) === partOf.createdAtMs);
  return !isOpen && partOf.createdAtMs <= createdAtOf(producer.newestSegment);
}

/** A file that was read whole stays so until it grows. */
function isDone({ kind, source }: Exclude<Change, { kind: "new" | "gone" }>, file: FileCursor): boolean {
  if (file.isOpen || kind === "replaced") return false;
  return source.segment.state === "compressed" || source.segment.bytes === file.offset;
}

/** The file as far as the cursor tells, which is what {@link reconcile} compares. */
function asItWas({ directory, name, dev, ino, offset }: FileCursor): SourceSegment {
  const path = join(directory, name);
  const parsed = parseSegmentName(name) ?? { logicalName: name, state: "plain", kind: "foreign" };
  const segment = { ...parsed, path, directory, bytes: offset, mtimeMs: 0, dev, ino, isLink: false };
  return {
    segment: { ...segment, state: "plain" },
    origin: "store",
    path,
    jobId: undefined,
    repo: undefined,
  };
}

export function keyOfProducer({ producerId, directory }: ProducerCursor): string {
  return `${producerId}/${directory}`;
}

function isNewer({ segment }: SourceSegment, { newestSegment }: ProducerCursor): boolean {
  return (segment.createdAtMs ?? 0) > createdAtOf(newestSegment);
}

function createdAtOf(logicalName: string): number {
  return parseSegmentName(logicalName)?.createdAtMs ?? Number.NEGATIVE_INFINITY;
}
