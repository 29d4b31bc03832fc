import { limits } from "../limits.js";
import { type Finding, type FindingKind, severityOf } from "./finding.js";
import type { VerifyReport, VerifyTotals } from "./verify-report.js";

type Counts = { -readonly [Key in keyof VerifyTotals]: VerifyTotals[Key] };

/** Collects what is found and counted while verifying. */
export class Findings {
  readonly totals: Counts = {
    segments: 0,
    sealed: 0,
    lines: 0,
    records: 0,
    malformed: 0,
    torn: 0,
    pending: 0,
    blank: 0,
    duplicates: 0,
    bytes: 0,
    storedBytes: 0,
  };
  readonly #counts = new Map<FindingKind, number>();
  readonly #kept: Finding[] = [];
  readonly #onFinding: ((finding: Finding) => void) | undefined;
  #sound = true;

  constructor(onFinding?: (finding: Finding) => void) {
    this.#onFinding = onFinding;
  }

  add(kind: FindingKind, path: string, message: string, details: Partial<Finding> = {}): void {
    const severity = severityOf(kind);
    const finding: Finding = { kind, severity, path, message, ...details };
    if (severity !== "information") this.#sound = false;
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
    if (this.#kept.length < limits.maxFindings) this.#kept.push(finding);
    this.#onFinding?.(finding);
  }

  report(deep: boolean, sources: readonly string[]): VerifyReport {
    const { totals } = this;
    return { sound: this.#sound, deep, totals, counts: this.#counts, findings: this.#kept, sources };
  }
}
