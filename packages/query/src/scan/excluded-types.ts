import type { ReportBuilder } from "../report/report-builder.js";
import { codeCount, column, type Rows } from "./kernel.js";
import type { TypeTable } from "./type-table.js";
import { unwanted } from "./verdict.js";

/** Counts by type what a filter left out, and tells the report now and then: a look-up by name for every record costs. */
export class ExcludedTypes {
  readonly #types: TypeTable;
  readonly #counts = new Uint32Array(codeCount);
  /** The types counted since the report was told, in the order in which they came up. */
  #codes: number[] = [];

  constructor(types: TypeTable) {
    this.#types = types;
  }

  /** Adds the types of those rows whose verdict is "unwanted"; how many they were. */
  addUnwanted({ count, codes }: Rows, verdicts: Uint8Array): number {
    const types = codes[column.type]!;
    const counts = this.#counts;
    let added = 0;
    for (let row = 0; row < count; row++) {
      if (verdicts[row] !== unwanted) continue;
      const code = types[row]!;
      if (counts[code] === 0) this.#codes.push(code);
      counts[code]!++;
      added++;
    }
    return added;
  }

  add(code: number): void {
    if (this.#counts[code] === 0) this.#codes.push(code);
    this.#counts[code]!++;
  }

  flush(report: ReportBuilder): void {
    if (this.#codes.length === 0) return;
    for (const code of this.#codes) {
      report.exclude(this.#types.name(code), this.#counts[code]!);
      this.#counts[code] = 0;
    }
    this.#codes = [];
  }
}
