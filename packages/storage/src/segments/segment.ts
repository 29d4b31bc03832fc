import type { Stats } from "node:fs";
import { basename, dirname, join } from "node:path";
import { storePlaceOf } from "../places/store-paths.js";
import type { SegmentName } from "./segment-name.js";

/** A segment as it was found: one logical segment in one state, and its file. */
export interface Segment extends SegmentName {
  path: string;
  directory: string;
  /** Size of the file (compressed, if it is) when it was found. */
  bytes: number;
  mtimeMs: number;
  dev: number;
  ino: number;
  /** True when `path` is a symbolic link: fit to be read, nothing to be renamed or removed. */
  isLink: boolean;
  /** The job by the segment's place in the store; absent elsewhere and for `_no-job`. */
  jobId?: string;
  /** The repository by the segment's place in the store; absent elsewhere. */
  repo?: string;
}

/** Puts together what the name, the place and `stats` say. `place: false` for a file that was named by itself. */
export function segmentFrom(
  path: string,
  name: SegmentName,
  stats: Stats,
  { isLink, inStore }: { isLink: boolean; inStore: boolean },
): Segment {
  const directory = dirname(path);
  const place = inStore ? storePlaceOf(directory) : undefined;
  return {
    ...name,
    path: join(directory, basename(path)),
    directory,
    bytes: stats.size,
    mtimeMs: stats.mtimeMs,
    dev: stats.dev,
    ino: stats.ino,
    isLink,
    ...(place?.jobId === undefined ? {} : { jobId: place.jobId }),
    ...(place === undefined ? {} : { repo: place.repo }),
  };
}
