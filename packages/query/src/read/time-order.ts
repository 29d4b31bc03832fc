import type { ReportBuilder } from "../report/report-builder.js";

/** Which way a chain is read. */
export type Direction = "forward" | "backward";

/** Watches the times of one producer's records, which never go back, and counts those that do. */
export class TimeOrder {
  readonly #report: ReportBuilder;
  #previousMs = 0;
  #previousNanos = 0;
  #isBackward = false;

  constructor(report: ReportBuilder, direction: Direction) {
    this.#report = report;
    this.turn(direction);
  }

  /** The records that follow come in `direction`; nothing is known about their times yet. */
  turn(direction: Direction): void {
    this.#isBackward = direction === "backward";
    this.#previousMs = this.#isBackward ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  }

  /** The instant of the next record, as in `Instant`. */
  add(ms: number, nanos: number): void {
    const order = ms - this.#previousMs || nanos - this.#previousNanos;
    if (this.#isBackward ? order > 0 : order < 0) this.#report.outOfOrder++;
    this.#previousMs = ms;
    this.#previousNanos = nanos;
  }
}
