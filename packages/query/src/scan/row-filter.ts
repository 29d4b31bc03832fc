import type { Catalog } from "@prodigy-events/schema";
import type { Query } from "../filter/query.js";
import { compareInstants, type Instant, instantOf } from "../time/instant.js";
import { absent, type Column, codeCount, column, type Kernel, type Rows, unlisted } from "./kernel.js";
import { TypeTable } from "./type-table.js";
import { unsure, unwanted } from "./verdict.js";

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
  /** The texts that it keeps, by the columns of which it keeps only some. */
  readonly wantedTexts: readonly (readonly [Column, ReadonlySet<string>])[];
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
    this.wantedTexts = wantedTexts(query)
      .filter(([, texts]) => texts.length > 0)
      .map(([of, texts]) => [of, new Set(texts)]);
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

  /** Whether it asks for instants. */
  get asksTimes(): boolean {
    return this.#since !== undefined || this.#until !== undefined;
  }

  /** How many records it keeps that lie between two instants, as far as these tell. */
  keepsTimes(min: Instant | undefined, max: Instant | undefined): "all" | "none" | "some" {
    if (!this.asksTimes || !min || !max) return "all";
    const since = this.#since ?? min;
    const until = this.#until ?? max;
    if (compareInstants(max, since) < 0 || compareInstants(min, until) > 0) return "none";
    return compareInstants(min, since) >= 0 && compareInstants(max, until) <= 0 ? "all" : "some";
  }

  /** What the columns say of each row; "unsure" of those that are not decided. */
  judge(rows: Rows, verdicts: Uint8Array): void {
    const { count, isDecided } = rows;
    const types = rows.codes[column.type]!;
    for (let row = 0; row < count; row++) {
      verdicts[row] = isDecided[row] === 1 ? this.types.verdict(types[row]!) : unsure;
    }
    for (const { of, codes } of this.#wanted) {
      const column = rows.codes[of]!;
      for (let row = 0; row < count; row++) {
        if (verdicts[row] === unwanted) continue;
        const code = column[row]!;
        // To look beyond the end of an array is many times slower than to ask first.
        if (code === unlisted || codes[code] !== 1) this.#exclude(rows, verdicts, row);
      }
    }
    if (this.#since || this.#until) this.#judgeTimes(rows, verdicts);
  }

  #judgeTimes(rows: Rows, verdicts: Uint8Array): void {
    const { count, ms, nanos } = rows;
    const { ms: sinceMs, nanos: sinceNanos } = this.#since ?? { ms: Number.NEGATIVE_INFINITY, nanos: 0 };
    const { ms: untilMs, nanos: untilNanos } = this.#until ?? { ms: Number.POSITIVE_INFINITY, nanos: 0 };
    for (let row = 0; row < count; row++) {
      const at = ms[row]!;
      const isBefore = at < sinceMs || (at === sinceMs && nanos[row]! < sinceNanos);
      const isAfter = at > untilMs || (at === untilMs && nanos[row]! > untilNanos);
      if (isBefore || isAfter) this.#exclude(rows, verdicts, row);
    }
  }

  /** What is left out is counted by its type, which therefore has to be known. */
  #exclude(rows: Rows, verdicts: Uint8Array, row: number): void {
    if (rows.isDecided[row] === 1 && rows.codes[column.type]![row] !== unlisted) verdicts[row] = unwanted;
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
