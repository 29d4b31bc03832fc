import { decodeLine, normalizeEventType } from "@prodigy-events/schema";
import { lineLiterals } from "../search/line-literals.js";
import { type CompiledSearch, openSearch, type SearchQuestion } from "../search/search-question.js";
import { absent, column, type Kernel, type Rows, unlisted } from "./kernel.js";
import type { RowPlace } from "./scan.js";
import { unsure, unwanted, wanted } from "./verdict.js";

/** What the type of a record alone says: nothing, that it may match, or that it does. */
type TypeStanding = "nothing" | "may" | "does";

/**
 * Puts a search to rows that were read and that the filters keep: lines in which none of the needed literals stands are
 * left out by their bytes, the others are tested, and parsed only if their texts are asked for.
 */
export class RowSearch {
  readonly #kernel: Kernel;
  readonly #search: CompiledSearch;
  readonly #hasLiterals: boolean;
  readonly #areAll: boolean;
  readonly #types: TypeStanding[] = [];

  constructor(question: SearchQuestion, kernel: Kernel) {
    this.#kernel = kernel;
    this.#search = openSearch(question);
    const literals = lineLiterals(question);
    // Named fields may be numbers, which stand outside of texts.
    const leavesKeys = !question.raw && question.fields.length === 0;
    this.#hasLiterals =
      literals !== undefined && kernel.lookFor(literals.texts, literals.foldsCase, leavesKeys);
    this.#areAll = this.#hasLiterals && literals?.areAll === true;
  }

  /** Leaves out those of the kernel's rows that do not match; one that turns out to be no plain record is left to the parser. */
  judge(rows: Rows, verdicts: Uint8Array, place: RowPlace): void {
    const { jobId } = place.planned.source;
    const { raw } = this.#search.question;
    // The job of a store's directory is a text of its records, although it stands in no line.
    const mayMatchByJob = !raw && jobId !== undefined && this.#search.test(jobId);
    const looksForLiterals = this.#hasLiterals && !mayMatchByJob;
    if (looksForLiterals) this.#kernel.find();
    const types = rows.codes[column.type]!;
    for (let row = 0; row < rows.count; row++) {
      if (verdicts[row] !== wanted) continue;
      if (types[row] === unlisted) {
        verdicts[row] = unsure;
        continue;
      }
      const standing = raw ? "nothing" : this.#standing(types[row]!);
      if (standing === "does") continue;
      if (looksForLiterals && standing === "nothing") {
        if (rows.isFound[row] === 0) {
          verdicts[row] = unwanted;
          continue;
        }
        if (this.#areAll) continue;
      }
      if (!this.#kernel.confirm(row)) verdicts[row] = unsure;
      else if (!this.#matches(rows, row, place)) verdicts[row] = unwanted;
    }
  }

  /** A type is found by the name that its records have, and by ours. */
  #standing(code: number): TypeStanding {
    const known = this.#types[code];
    if (known !== undefined) return known;
    const type = code === absent ? "" : this.#kernel.text(column.type, code);
    const isFound = this.#search.test(type) || this.#search.test(normalizeEventType(type));
    const standing = !isFound ? "nothing" : this.#search.question.fields.length > 0 ? "may" : "does";
    this.#types[code] = standing;
    return standing;
  }

  #matches(rows: Rows, row: number, { block, planned }: RowPlace): boolean {
    const line = block.bytes.toString("utf8", rows.starts[row], rows.ends[row]);
    const { question, test, accepts } = this.#search;
    if (question.raw) return test(line);
    const decoded = decodeLine(line);
    if (!decoded.ok) throw new Error(`a line was taken for a record, and is none: ${decoded.message}`);
    const { record } = decoded;
    if (planned.source.jobId !== undefined) record.event.job_id ??= planned.source.jobId;
    return accepts(record, { ms: rows.ms[row]!, nanos: rows.nanos[row]! }, line);
  }
}
