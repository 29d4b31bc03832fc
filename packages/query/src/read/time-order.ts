import type { ReportBuilder } from "../report/report-builder.js";
import type { Instant } from "../time/instant.js";

/** Which way a chain is read. */
export type Direction = "forward" | "backward";

/** The instants of the first and the last of some records. */
export interface TimeSpan {
  readonly first: Instant;
  readonly last: Instant;
}

/** Watches the times of one producer's records, which never go back, and counts those that do. */
export class TimeOrder {
  readonly #report: ReportBuilder;
  #previousMs = 0;
  #previousNanos = 0;
  #isBackward = false;
  #first: Instant | undefined;

  constructor(report: ReportBuilder, direction: Direction) {
    this.#report = report;
    this.turn(direction);
  }

  /** The records that follow come in `direction`; nothing is known about their times yet. */
  turn(direction: Direction): void {
    this.#isBackward = direction === "backward";
    this.#first = undefined;
    this.#previousMs = this.#isBackward ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  }

  /** The first and the last instant since the turn; `undefined` if there was none. */
  get span(): TimeSpan | undefined {
    if (!this.#first) return undefined;
    return { first: this.#first, last: { ms: this.#previousMs, nanos: this.#previousNanos } };
  }

  /** Records whose times have been watched by themselves. */
  addSpan({ first, last }: TimeSpan): void {
    this.add(first.ms, first.nanos);
    this.#previousMs = last.ms;
    this.#previousNanos = last.nanos;
  }

  /** The instant of the next record, as in `Instant`. */
  add(ms: number, nanos: number): void {
    this.#first ??= { ms, nanos };
    const order = ms - this.#previousMs || nanos - this.#previousNanos;
    if (this.#isBackward ? order > 0 : order < 0) this.#report.outOfOrder++;
    this.#previousMs = ms;
    this.#previousNanos = nanos;
  }
}
