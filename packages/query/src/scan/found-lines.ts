import type { Entry } from "../read/match.js";
import { column, type Kernel, type Rows } from "./kernel.js";
import { maskOf } from "./row-filter.js";
import type { RowPlace, ScanTarget } from "./scan.js";
import type { FoundLines } from "./scan-job.js";
import { wanted } from "./verdict.js";

/** Packs the lines that a scan finds in one segment: as objects they would cost more to hand to another thread. */
export class FoundLinesPacker implements ScanTarget {
  readonly mask: number | undefined = maskOf([column.producer]);
  readonly needsLines = true;
  readonly #kernel: Kernel;
  #bytes = Buffer.allocUnsafe(0);
  #used = 0;
  #numbers: number[] = [];
  #producers: string[] = [];
  readonly #places = new Map<string, number>();

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  takeRow(rows: Rows, row: number, { block }: RowPlace): void {
    const start = rows.starts[row]!;
    const end = rows.ends[row]!;
    this.#makeRoom(end - start);
    block.bytes.copy(this.#bytes, this.#used, start, end);
    const code = rows.codes[column.producer]![row]!;
    const producer = code === 0 ? "" : this.#kernel.text(column.producer, code);
    const [ms, nanos, sequence] = [rows.ms[row]!, rows.nanos[row]!, rows.sequences[row]!];
    this.#add({ ms, nanos, sequence, offset: block.offset + start, producer }, end - start);
  }

  takeRows(rows: Rows, verdicts: Uint8Array, place: RowPlace): void {
    for (let row = 0; row < rows.count; row++) if (verdicts[row] === wanted) this.takeRow(rows, row, place);
  }

  takeEntries(entries: Entry[]): void {
    for (const entry of entries) {
      const bytes = Buffer.byteLength(entry.line);
      this.#makeRoom(bytes);
      this.#bytes.write(entry.line, this.#used);
      this.#add(entry, bytes);
    }
  }

  /** What was found since the last call. */
  take(): FoundLines {
    const bytes = this.#bytes.subarray(0, this.#used);
    const found = { bytes, numbers: Float64Array.from(this.#numbers), producers: this.#producers };
    this.#bytes = Buffer.allocUnsafe(0);
    this.#used = 0;
    this.#numbers = [];
    this.#producers = [];
    this.#places.clear();
    return found;
  }

  #add(
    {
      ms,
      nanos,
      sequence,
      offset,
      producer,
    }: Pick<Entry, "ms" | "nanos" | "sequence" | "offset" | "producer">,
    length: number,
  ): void {
    let place = this.#places.get(producer);
    if (place === undefined) {
      place = this.#producers.push(producer) - 1;
      this.#places.set(producer, place);
    }
    this.#used += length;
    this.#numbers.push(ms, nanos, sequence, offset, this.#used, place);
  }

  #makeRoom(length: number): void {
    if (this.#used + length <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(2 * this.#bytes.length, this.#used + length));
    this.#bytes.copy(larger, 0, 0, this.#used);
    this.#bytes = larger;
  }
}
