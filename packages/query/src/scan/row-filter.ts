import type { Catalog } from "@prodigy-events/schema";
import type { Query } from "../filter/query.js";
import { type Instant, instantOf } from "../time/instant.js";
import { absent, type Column, codeCount, column, type Kernel, type Rows, unlisted } from "./kernel.js";
import { TypeTable } from "./type-table.js";
import { unsure, unwanted, type Verdict } from "./verdict.js";

/** The codes that a question asks for in one column. */
interface WantedCodes {
  readonly of: Column;
  /** 1 for a wanted code. */
  readonly codes: Uint8Array;
}

/**
 * The filters of a question, as `compileFilter` makes them, put to the columns of rows. The wanted texts have their codes
 * before the first row is read, so that an unlisted one is never among them.
 */
export class RowFilter {
  readonly types: TypeTable;
  /** The columns it looks at, as a mask for the kernel. */
  readonly mask: number;
  readonly #wanted: readonly WantedCodes[];
  readonly #since: Instant | undefined;
  readonly #until: Instant | undefined;

  private constructor(query: Query, types: TypeTable, wantedCodes: readonly WantedCodes[]) {
    this.types = types;
    this.#wanted = wantedCodes;
    this.#since = query.since === null ? undefined : instantOf(query.since);
    this.#until = query.until === null ? undefined : instantOf(query.until);
    this.mask = maskOf([column.type, ...wantedCodes.map(({ of }) => of)]);
  }

  /** `undefined` if it asks for more, or for longer, texts than the kernel can tell apart. */
  static for(query: Query, catalog: Catalog<unknown>, kernel: Kernel): RowFilter | undefined {
    const wantedCodes: WantedCodes[] = [];
    for (const [of, texts] of wantedTexts(query)) {
      if (texts.length === 0) continue;
      const codes = new Uint8Array(codeCount);
      for (const text of texts) {
        const code = kernel.intern(of, text);
        if (code === unlisted) return undefined;
        codes[code] = 1;
        // A record without a correlation id has an empty one.
        if (of === column.correlation && text === "") codes[absent] = 1;
      }
      wantedCodes.push({ of, codes });
    }
    return new RowFilter(query, new TypeTable(query, catalog, kernel), wantedCodes);
  }

  judge(rows: Rows, row: number): Verdict {
    const ms = rows.ms[row]!;
    if (
      this.#since &&
      (ms < this.#since.ms || (ms === this.#since.ms && rows.nanos[row]! < this.#since.nanos))
    )
      return this.#excluded(rows, row);
    if (
      this.#until &&
      (ms > this.#until.ms || (ms === this.#until.ms && rows.nanos[row]! > this.#until.nanos))
    )
      return this.#excluded(rows, row);
    for (const { of, codes } of this.#wanted) {
      if (codes[rows.codes[of]![row]!] !== 1) return this.#excluded(rows, row);
    }
    return this.types.verdict(rows.codes[column.type]![row]!);
  }

  /** What is left out is counted by its type, which therefore has to be known. */
  #excluded(rows: Rows, row: number): Verdict {
    return rows.codes[column.type]![row] === unlisted ? unsure : unwanted;
  }
}

/** A mask that asks the kernel for columns. */
export function maskOf(columns: readonly Column[]): number {
  return columns.reduce<number>((mask, each) => mask | (1 << each), 0);
}

function wantedTexts(query: Query): [Column, readonly string[]][] {
  return [
    [column.job, query.jobIds],
    [column.agent, query.agentIds],
    [column.item, query.itemIds],
    [column.correlation, query.correlationIds],
  ];
}
