import { decodeLine } from "@prodigy-events/schema";
import type { Rows } from "./kernel.js";
import type { RowPlace } from "./scan.js";

/** The record of a row, as far as it takes parsing, which is put off until it is asked for. */
export class RowRecord {
  #rows: Rows | undefined;
  #row = 0;
  #place: RowPlace | undefined;

  at(rows: Rows, row: number, place: RowPlace): void {
    this.#rows = rows;
    this.#row = row;
    this.#place = place;
  }

  get id(): string {
    const { block } = this.#place!;
    const { starts, ends } = this.#rows!;
    const decoded = decodeLine(block.bytes.toString("utf8", starts[this.#row], ends[this.#row]));
    return decoded.ok ? decoded.record.id : "";
  }
}
