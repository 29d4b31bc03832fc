import { join } from "node:path";
import { manifestDirectoryName } from "@prodigy-events/storage";

/** Paths of a writer whose clock is stopped, known before it writes. */
export interface ExpectedPaths {
  /** The job's directory. */
  readonly directory: string;
  /** Path of the segment created as the nth, from 1. */
  segment(nth: number): string;
}

/** One system call that is made to fail, and what must come of it. */
export interface SystemCallFault {
  /** The row of the matrix. */
  readonly id: "4" | "5";
  readonly title: string;
  readonly injection: string;
  readonly paths: (expected: ExpectedPaths) => readonly string[];
  /** Flushes that must be rejected; each one with the code injected. */
  readonly rejections: number;
  /** Problems that must be told, each exactly once. */
  readonly tells: readonly string[];
  /** Lines that the fault leaves damaged in a file, and that readers must report; none when left out. */
  readonly malformed?: number;
}

const degraded = ["WRITER_DEGRADED", "WRITER_RECOVERED"];
const firstSegment = ({ segment }: ExpectedPaths) => [segment(1)];
const firstTwo = ({ segment }: ExpectedPaths) => [segment(1), segment(2)];

/** Every fault that is injected by strace. */
export const systemCallFaults: readonly SystemCallFault[] = [
  {
    id: "4",
    title: "write ENOSPC, three times",
    injection: "write:error=ENOSPC:when=2..4",
    paths: firstSegment,
    rejections: 3,
    tells: degraded,
  },
  {
    id: "4",
    title: "write EDQUOT, once",
    injection: "write:error=EDQUOT:when=3",
    paths: firstSegment,
    rejections: 1,
    tells: degraded,
  },
  {
    id: "4",
    title: "a write that is said to succeed and does not happen",
    injection: "write:retval=17:when=3",
    paths: firstSegment,
    rejections: 0,
    tells: ["SEGMENT_ABANDONED"],
    malformed: 1,
  },
  {
    id: "5",
    title: "write EIO, once",
    injection: "write:error=EIO:when=3",
    paths: firstSegment,
    rejections: 0,
    tells: ["SEGMENT_ABANDONED"],
  },
  {
    id: "5",
    title: "write EIO, and again in the next segment",
    injection: "write:error=EIO:when=3..4",
    paths: firstTwo,
    rejections: 1,
    tells: [...degraded],
  },
  {
    id: "5",
    title: "fdatasync EIO, once",
    injection: "fdatasync:error=EIO:when=2",
    paths: firstSegment,
    rejections: 0,
    tells: ["SEGMENT_ABANDONED"],
  },
  {
    id: "5",
    title: "fdatasync EIO, and again in the next segment",
    injection: "fdatasync:error=EIO:when=2..3",
    paths: firstTwo,
    rejections: 1,
    tells: [...degraded],
  },
  {
    id: "5",
    title: "rename to .rotated EIO",
    injection: "rename:error=EIO:when=1",
    paths: firstSegment,
    rejections: 0,
    tells: ["SEAL_POSTPONED"],
  },
  {
    id: "5",
    title: "fsync of the manifests' directory EIO",
    injection: "fsync:error=EIO:when=1",
    paths: ({ directory }) => [join(directory, manifestDirectoryName)],
    rejections: 0,
    tells: ["SEAL_POSTPONED"],
  },
  {
    id: "5",
    title: "open of a rotated segment for compression EMFILE",
    injection: "openat:error=EMFILE:when=1",
    paths: ({ segment }) => [`${segment(1)}.rotated`],
    rejections: 0,
    tells: ["COMPRESSION_POSTPONED"],
  },
  {
    id: "5",
    title: "unlink of the compressed segment's plain file EIO",
    injection: "unlink:error=EIO:when=1",
    paths: ({ segment }) => [`${segment(1)}.rotated`],
    rejections: 0,
    tells: ["COMPRESSION_POSTPONED"],
  },
  {
    id: "5",
    title: "open of the next segment EMFILE",
    injection: "openat:error=EMFILE:when=1",
    paths: ({ segment }) => [segment(2)],
    rejections: 0,
    tells: ["ROTATION_POSTPONED"],
  },
  {
    id: "5",
    title: "open of the first segment ENOSPC",
    injection: "openat:error=ENOSPC:when=1..2",
    paths: firstSegment,
    rejections: 2,
    tells: degraded,
  },
  {
    id: "5",
    title: "fsync of the directory EIO, at the first segment",
    injection: "fsync:error=EIO:when=1",
    paths: ({ directory }) => [directory],
    rejections: 1,
    tells: degraded,
  },
];
