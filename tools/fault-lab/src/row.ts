/** How much is tried: `quick` is part of CI, `full` is what the release is judged by. */
export type Mode = "quick" | "full";

/** What one row (or one part of it) found. */
export interface RowResult {
  /** Id and what was done, for example `1 kill -9, flush`. */
  readonly row: string;
  /** Cases tried. */
  readonly n: number;
  /** Records whose safety had been confirmed to the program that wrote them. */
  readonly acked?: number;
  /** Acknowledged records that were not read back. */
  readonly lost: number;
  /** Records that were read back more than once. */
  readonly dup: number;
  /** One line each, with what reproduces it. */
  readonly failures: readonly string[];
  /** Why nothing was tried; printed. */
  readonly skipped?: string;
  readonly seed?: number;
  readonly figures?: Readonly<Record<string, number>>;
}

/** A row of the fault matrix. */
export interface Row {
  /** As in the matrix: "1", "2" … */
  readonly id: string;
  readonly title: string;
  readonly modes: readonly Mode[];
  run(context: RowContext): Promise<RowResult | readonly RowResult[]>;
}

/** What a row is given. */
export interface RowContext {
  readonly mode: Mode;
  readonly seed: number;
  /** A fresh folder for this row. */
  readonly directory: string;
  /** Progress, on stderr. */
  log(text: string): void;
}
