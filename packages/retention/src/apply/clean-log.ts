import { constants } from "node:fs";
import { dirname } from "node:path";
import {
  type CleanLogEntry,
  type Clock,
  cleanLogPath,
  describeFileError,
  ensurePrivateDirectory,
  type FileSystem,
  privateFileMode,
  readCleanLog,
  readFully,
  syncDirectory,
  syncFile,
  writeFully,
} from "@prodigy-events/storage";
import { isDiskFull } from "../errors.js";
import type { Amount } from "../plan/amount.js";
import type { PlannedSegment } from "../plan/retention-plan.js";

/** An entry about a segment. What is `undefined` in `details` is left out. */
export function logEntry(
  action: CleanLogEntry["action"],
  segment: Pick<PlannedSegment, "logicalName" | "removedRanges">,
  { records, malformed, bytes }: Amount,
  clock: Clock,
  details: { [Key in "archive" | "to" | "error"]?: string | undefined },
): CleanLogEntry {
  return {
    action,
    at: new Date(clock.now()).toISOString(),
    segment: segment.logicalName,
    lines: records + malformed,
    bytes,
    ranges: records === 0 ? [] : segment.removedRanges,
    ...(JSON.parse(JSON.stringify(details)) as Pick<CleanLogEntry, "archive" | "to" | "error">),
  };
}

/** The log of one directory, `.clean/log`: JSON lines, only ever appended to. */
export class CleanLog {
  readonly path: string;
  readonly #fs: FileSystem;
  /** Lines that a full disk did not take; clean is what makes room. */
  #waiting = "";

  /** @param directory of the segments that the log is about */
  constructor(directory: string, fs: FileSystem) {
    this.path = cleanLogPath(directory);
    this.#fs = fs;
  }

  /** Appends an entry, durably. On a full disk it waits for the next `append` or for `settle`. */
  async append(entry: CleanLogEntry): Promise<void> {
    this.#waiting += `${JSON.stringify(entry)}\n`;
    await this.settle().catch((error: unknown) => {
      if (!isDiskFull(error)) throw error;
    });
  }

  /** Writes what waits. */
  async settle(): Promise<void> {
    if (this.#waiting === "") return;
    await ensurePrivateDirectory(dirname(this.path), this.#fs);
    const flags = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0);
    const fd = await this.#fs.open(this.path, flags, privateFileMode).catch((error: unknown) => {
      throw describeFileError(error, "open", this.path);
    });
    try {
      const { size } = await this.#fs.fstat(fd);
      const text = (await this.#endsInMidLine(fd, size)) ? `\n${this.#waiting}` : this.#waiting;
      await writeFully(fd, Buffer.from(text), this.path, this.#fs);
      await syncFile(fd, this.path, this.#fs);
      if (size === 0) await syncDirectory(dirname(this.path), this.#fs);
      this.#waiting = "";
    } finally {
      await this.#fs.close(fd);
    }
  }

  /** True when a crash or a full disk cut off the last line. */
  async #endsInMidLine(fd: number, size: number): Promise<boolean> {
    const last = Buffer.alloc(1);
    if (size === 0 || (await readFully(fd, last, 1, size - 1, this.path, this.#fs)) === 0) return false;
    return last[0] !== 0x0a;
  }
}

/** The logical segments that the log of a directory says were removed. */
export async function removedSegments(directory: string, fs: FileSystem): Promise<Set<string>> {
  const removed = new Set<string>();
  for await (const { action, segment } of readCleanLog(directory, { fs })) {
    if (action === "remove") removed.add(segment);
  }
  return removed;
}
