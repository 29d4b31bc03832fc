import { ProducerSequences } from "./producer-sequences.js";
import type { RecordKey } from "./record-key.js";

/**
 * Knows which records are copies of records met before, in the same file or in an earlier one: after a failed
 * fsync, or at an abrupt end, a producer writes some of its records twice. Takes little memory, because producers
 * count without holes.
 */
export class CopyIndex {
  readonly #met = new ProducerSequences();
  readonly #copiesByPath = new Map<string, ProducerSequences>();

  /**
   * Notes a record on the first reading of all files.
   *
   * @param isNewInFile no copy of it was met in the same file before
   * @returns true when no copy of it was met anywhere before
   */
  note(key: RecordKey, isNewInFile: boolean): boolean {
    if (!isNewInFile) return false;
    if (this.#met.add(key)) return true;
    let copies = this.#copiesByPath.get(key.path);
    if (copies === undefined) {
      copies = new ProducerSequences();
      this.#copiesByPath.set(key.path, copies);
    }
    copies.add(key);
    return false;
  }

  /** For one more reading of a whole file: tells, record by record, what `note` told on the first reading. */
  reading(path: string): (key: RecordKey) => boolean {
    const copies = this.#copiesByPath.get(path);
    const metInFile = new ProducerSequences();
    return (key) => metInFile.add(key) && copies?.has(key) !== true;
  }
}
