import { normalizeEventType } from "@prodigy-events/schema";
import type { Entry } from "../read/match.js";
import type { GroupCounter, GroupKey, GroupNode } from "../stats/group-counter.js";
import { groupKeyReader } from "../stats/group-key.js";
import type { ColumnTotals } from "./index-totals.js";
import { absent, type Column, codeCount, column, type Kernel, type Rows } from "./kernel.js";
import { maskOf } from "./row-filter.js";
import type { CountedGroups, FoundLines, ScanPurpose } from "./scan-job.js";
import type { PlanTarget } from "./segment-scan.js";
import { wanted } from "./verdict.js";

/** The fields whose values are columns. */
const columnOfField: ReadonlyMap<string, Column> = new Map<string, Column>([
  ["event_type", column.type],
  ["job_id", column.job],
  ["agent_id", column.agent],
  ["item_id", column.item],
  ["event.event_type", column.type],
  ["event.job_id", column.job],
  ["event.agent_id", column.agent],
  ["event.item_id", column.item],
  ["correlation_id", column.correlation],
]);

/**
 * Counts records in groups: rows by their codes, so that the texts of a group are looked up once, when it first appears.
 * Groups appear in the counter in the order in which parsing would find them. Call `finish` before the counter is read.
 */
export class RowGroups implements PlanTarget {
  readonly mask: number | undefined;
  readonly purpose: ScanPurpose & { readonly kind: "count" };
  readonly needsLines = false;
  readonly #columns: readonly Column[];
  readonly #kernel: Kernel;
  #counter: GroupCounter;
  readonly #keyOf: ReturnType<typeof groupKeyReader>;
  /** By code of the first column: the place of the group, or of the first part of its key, in the arrays below; 0: none. */
  readonly #first = new Uint32Array(codeCount);
  /** The same for a further column, by the place of the key's part before it and the code. */
  readonly #further = new Map<number, number>();
  #groups: (GroupNode | undefined)[] = [undefined];
  #counts: number[] = [0];
  /** The codes in `#first`. */
  #firstCodes: number[] = [];

  constructor(fields: readonly string[], counter: GroupCounter, kernel: Kernel) {
    const columns = fields.map((field) => columnOfField.get(field));
    this.#columns = columns.filter((each) => each !== undefined);
    this.mask = this.#columns.length === fields.length ? maskOf(this.#columns) : undefined;
    this.purpose = { kind: "count", groupBy: fields };
    this.#kernel = kernel;
    this.#counter = counter;
    this.#keyOf = groupKeyReader(fields);
  }

  /** Counts into another counter from now on. */
  begin(counter: GroupCounter): void {
    this.#counter = counter;
    for (const code of this.#firstCodes) this.#first[code] = 0;
    this.#firstCodes = [];
    this.#further.clear();
    this.#groups = [undefined];
    this.#counts = [0];
  }

  takeRow(rows: Rows, row: number): void {
    let place = 0;
    for (let at = 0; at < this.#columns.length; at++) {
      const code = rows.codes[this.#columns[at]!]![row]!;
      place = (at === 0 ? this.#first[code] : this.#further.get(place * codeCount + code)) ?? 0;
      if (place === 0) break;
    }
    if (place === 0) this.#takeNew(rows, row);
    else this.#counts[place]!++;
  }

  takeRows(rows: Rows, verdicts: Uint8Array): void {
    const [only, further] = this.#columns;
    const isSimple = only !== undefined && further === undefined;
    const codes = isSimple ? rows.codes[only]! : undefined;
    for (let row = 0; row < rows.count; row++) {
      if (verdicts[row] !== wanted) continue;
      const place = codes ? this.#first[codes[row]!]! : 0;
      if (place > 0) this.#counts[place]!++;
      else this.takeRow(rows, row);
    }
  }

  takeEntries(entries: Entry[]): void {
    for (const { record } of entries) this.#counter.add(this.#keyOf(record));
  }

  get totalsColumn(): Column | undefined {
    return this.mask !== undefined && this.#columns.length === 1 ? this.#columns[0] : undefined;
  }

  hasRoomForTotals(totals: number): boolean {
    return this.#counter.hasRoomFor(totals);
  }

  takeTotals(totals: ColumnTotals): void {
    const of = this.totalsColumn!;
    for (const [text, records] of totals) {
      const key =
        text === undefined ? this.#value(of, absent) : of === column.type ? normalizeEventType(text) : text;
      this.#counter.count(this.#counter.group([key]), records);
    }
  }

  hasRoomFor(found: CountedGroups | FoundLines): boolean {
    return "groups" in found && this.#counter.hasRoomFor(found.groups.length * this.purpose.groupBy.length);
  }

  takeFound(_file: number, found: CountedGroups | FoundLines): void {
    if (!("groups" in found)) return;
    for (const [key, count] of found.groups) this.#counter.count(this.#counter.group(key), count);
  }

  /** Hands what was counted by codes to the counter. */
  finish(): void {
    for (const [place, group] of this.#groups.entries()) {
      if (this.#counts[place] !== 0) this.#counter.count(group, this.#counts[place]!);
      this.#counts[place] = 0;
    }
  }

  /** Counts a row whose group has not been met, or has no room. */
  #takeNew(rows: Rows, row: number): void {
    const codes = this.#columns.map((each) => rows.codes[each]![row]!);
    const group = this.#counter.group(codes.map((code, at) => this.#value(this.#columns[at]!, code)));
    if (!group || codes.length === 0) {
      this.#counter.count(group, 1);
      return;
    }
    let place = 0;
    for (const [at, code] of codes.entries()) {
      const known = at === 0 ? this.#first[code]! : (this.#further.get(place * codeCount + code) ?? 0);
      const next = known || this.#groups.length;
      if (known === 0) {
        this.#groups.push(undefined);
        this.#counts.push(0);
        if (at === 0) {
          this.#first[code] = next;
          this.#firstCodes.push(code);
        } else this.#further.set(place * codeCount + code, next);
      }
      place = next;
    }
    this.#groups[place] = group;
    this.#counts[place]!++;
  }

  #value(of: Column, code: number): GroupKey[number] {
    // A record without a correlation id is read as one with an empty one.
    if (code === absent) return of === column.correlation ? "" : null;
    const text = this.#kernel.text(of, code);
    return of === column.type ? normalizeEventType(text) : text;
  }
}
