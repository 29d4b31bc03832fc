import { absent, type Column, column, maxRows, type Rows, unlisted } from "./kernel.js";
import type { RowPlace, Scan } from "./scan.js";
import { unsure, wanted } from "./verdict.js";

/** What is known of the segments whose rows are judged. */
export interface JudgedRows {
  /** The columns that rows have, as a mask. */
  readonly mask: number;
  /** Whether they are of a file to which many producers append. */
  readonly isShared: boolean;
  /** Whether lines were perhaps not read to their end. */
  readonly isSealed: boolean;
}

/** Says of rows whether they are wanted, or that their lines have to be parsed to know. */
export class RowJudge {
  /** Those on the rows that were judged last. */
  readonly verdicts = new Uint8Array(maxRows);
  readonly #scan: Scan;
  readonly #asksJobs: boolean;
  readonly #isShared: boolean;
  readonly #isSealed: boolean;
  /** The columns without which the target cannot take a row; `undefined` if it takes none. */
  readonly #needed: readonly Column[] | undefined;

  constructor(scan: Scan, { mask, isShared, isSealed }: JudgedRows) {
    const { target } = scan;
    this.#scan = scan;
    this.#asksJobs = ((mask >> column.job) & 1) !== 0;
    this.#isShared = isShared;
    this.#isSealed = isSealed;
    this.#needed =
      target.mask === undefined
        ? undefined
        : Object.values(column).filter((each) => ((target.mask ?? 0) >> each) & 1);
  }

  /**
   * @param job the code of the job that records without one belong to
   * @param place left out where the lines of the rows are not at hand
   */
  judge(rows: Rows, job: number, place: RowPlace | undefined): void {
    if (this.#asksJobs) {
      const jobs = rows.codes[column.job]!;
      for (let row = 0; row < rows.count; row++) if (jobs[row] === absent) jobs[row] = job;
    }
    const { filter, search, target } = this.#scan;
    filter.judge(rows, this.verdicts);
    if (search && place) search.judge(rows, this.verdicts, place);
    else if (search) this.#doubtWanted(rows);
    this.#doubtUntakable(rows);
    if (this.#isSealed && target.needsLines) this.#confirmWanted(rows);
    if (this.#isShared) this.#doubtUnlistedProducers(rows);
  }

  /** Whether the verdict on every row is sure. */
  isSure({ count }: Rows): boolean {
    const { verdicts } = this;
    for (let row = 0; row < count; row++) if (verdicts[row] === unsure) return false;
    return true;
  }

  /** Leaves wanted rows that the target cannot do with to the parser. */
  #doubtUntakable(rows: Rows): void {
    const { count, codes } = rows;
    const { verdicts } = this;
    if (this.#needed) {
      for (const each of this.#needed) {
        const column = codes[each]!;
        for (let row = 0; row < count; row++)
          if (column[row] === unlisted && verdicts[row] === wanted) verdicts[row] = unsure;
      }
    } else {
      this.#doubtWanted(rows);
    }
  }

  #doubtWanted({ count }: Rows): void {
    const { verdicts } = this;
    for (let row = 0; row < count; row++) if (verdicts[row] === wanted) verdicts[row] = unsure;
  }

  /** Nobody is given a line that was not read to its end. */
  #confirmWanted({ count }: Rows): void {
    const { verdicts } = this;
    const { kernel } = this.#scan;
    for (let row = 0; row < count; row++)
      if (verdicts[row] === wanted && !kernel.confirm(row)) verdicts[row] = unsure;
  }

  /** Whether a record is a copy is known by the name of its producer. */
  #doubtUnlistedProducers({ count, codes }: Rows): void {
    const { verdicts } = this;
    const producers = codes[column.producer]!;
    for (let row = 0; row < count; row++) if (producers[row] === unlisted) verdicts[row] = unsure;
  }
}
