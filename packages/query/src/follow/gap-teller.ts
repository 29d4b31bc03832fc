import { dirname, sep } from "node:path";
import type { FileSystem } from "@prodigy-events/storage";
import { attributeGap } from "./attribute-gap.js";
import type { Gap } from "./follow-input.js";
import { isInCleanLog, type Removal, readRemovals } from "./removals.js";

interface WaitingGap {
  readonly gap: Gap;
  /** The gap is none if the log of clean tells of that file since then, in milliseconds since the Unix epoch. */
  readonly unlessCleanedSinceMs: number | undefined;
}

/** Tells of gaps, after looking up in the log of `clean` whether it removed what is missing, and where that is now. */
export class GapTeller {
  readonly #onGap: (gap: Gap) => void;
  readonly #fs: FileSystem;
  /** Directories whose logs may be looked at: a cursor that somebody made up leads nowhere else. */
  readonly #mayLookInto: (directory: string) => boolean;
  #waiting: WaitingGap[] = [];

  constructor(onGap: (gap: Gap) => void, fs: FileSystem, mayLookInto: (directory: string) => boolean) {
    this.#onGap = onGap;
    this.#fs = fs;
    this.#mayLookInto = mayLookInto;
  }

  /** Notes a gap; it is told at the next `tell`. */
  readonly notice = (gap: Gap, unlessCleanedSinceMs?: number): void => {
    this.#waiting.push({ gap, unlessCleanedSinceMs });
  };

  async tell(): Promise<void> {
    const gaps = this.#waiting;
    this.#waiting = [];
    for (const { gap, unlessCleanedSinceMs: sinceMs } of gaps) {
      if (sinceMs !== undefined && (await this.#isCleaned(gap.path, sinceMs))) continue;
      const removals = await this.removalsIn(dirname(gap.path));
      for (const part of attributeGap(gap, removals)) this.#onGap(part);
    }
  }

  /** What clean removed from a directory; nothing if its log cannot be read, which costs only the explanation. */
  async removalsIn(directory: string): Promise<readonly Removal[]> {
    if (!this.#mayLookInto(directory)) return [];
    return readRemovals(directory, this.#fs).catch(() => []);
  }

  /** Whether clean, or restore, did something with a file: what it took away is told by its log. */
  async #isCleaned(path: string, sinceMs: number): Promise<boolean> {
    if (!this.#mayLookInto(dirname(path))) return false;
    return isInCleanLog(path, sinceMs, this.#fs).catch(() => false);
  }
}

/** Whether a path is a directory or lies in it. */
export function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory.endsWith(sep) ? directory : `${directory}${sep}`);
}
