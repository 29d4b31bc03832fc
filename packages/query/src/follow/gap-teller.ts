import { dirname, sep } from "node:path";
import type { FileSystem } from "@prodigy-events/storage";
import { attributeGap } from "./attribute-gap.js";
import type { Gap } from "./follow-input.js";
import { type Removal, readRemovals } from "./removals.js";

/** Tells of gaps, after looking up in the log of `clean` whether it removed what is missing, and where that is now. */
export class GapTeller {
  readonly #onGap: (gap: Gap) => void;
  readonly #fs: FileSystem;
  /** Directories whose logs may be looked at: a cursor that somebody made up leads nowhere else. */
  readonly #mayLookInto: (directory: string) => boolean;
  #waiting: Gap[] = [];

  constructor(onGap: (gap: Gap) => void, fs: FileSystem, mayLookInto: (directory: string) => boolean) {
    this.#onGap = onGap;
    this.#fs = fs;
    this.#mayLookInto = mayLookInto;
  }

  /** Notes a gap; it is told at the next `tell`. */
  readonly notice = (gap: Gap): void => {
    this.#waiting.push(gap);
  };

  async tell(): Promise<void> {
    const gaps = this.#waiting;
    this.#waiting = [];
    for (const gap of gaps) {
      const removals = await this.removalsIn(dirname(gap.path));
      for (const part of attributeGap(gap, removals)) this.#onGap(part);
    }
  }

  /** What clean removed from a directory; nothing if its log cannot be read, which costs only the explanation. */
  async removalsIn(directory: string): Promise<readonly Removal[]> {
    if (!this.#mayLookInto(directory)) return [];
    return readRemovals(directory, this.#fs).catch(() => []);
  }
}

/** Whether a path is a directory or lies in it. */
export function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory.endsWith(sep) ? directory : `${directory}${sep}`);
}
