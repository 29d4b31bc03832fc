/**
 * How the lines of a segment were come by.
 *
 * - `index`: all that was asked for stands in its index · `index+seek`: so does which lines are wanted; only those were read
 * - `scan`: by the columns of its lines, of which only the odd ones are parsed · `parse`: every line was parsed
 */
export type ReadingStrategy = "index" | "index+seek" | "scan" | "parse";

/** What was read of one segment. */
export interface SegmentRead {
  readonly path: string;
  readonly strategy: ReadingStrategy;
  /** Bytes of its uncompressed content that were read. */
  readonly bytesRead: number;
  /** Bytes of it that did not have to be. */
  readonly bytesSkipped: number;
}

/** Adds up what is read, segment by segment. */
export class SegmentReads {
  readonly #reads = new Map<string, { bytesRead: number; bytesSkipped: number; strategy: ReadingStrategy }>();

  add({ path, strategy, bytesRead, bytesSkipped }: SegmentRead): void {
    const read = this.#reads.get(path);
    if (!read) {
      this.#reads.set(path, { bytesRead, bytesSkipped, strategy });
      return;
    }
    read.bytesRead += bytesRead;
    read.bytesSkipped += bytesSkipped;
    if (effort.indexOf(strategy) > effort.indexOf(read.strategy)) read.strategy = strategy;
  }

  list(): SegmentRead[] {
    return [...this.#reads].map(([path, read]) => ({ path, ...read }));
  }
}

/** From the least to the greatest: of a segment that is read in several ways, the greatest counts. */
const effort: readonly ReadingStrategy[] = ["index", "index+seek", "scan", "parse"];
