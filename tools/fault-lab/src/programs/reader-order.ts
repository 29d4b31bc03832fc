/** What the reading program is told to do; passed as JSON. */
export interface ReaderOrder {
  /** One segment. */
  readonly file: string;
  readonly question: ReaderQuestion;
}

/** Every record one after the other, counts by job and type, or the records in which a text is found. */
export type ReaderQuestion = "all" | "stats" | "search";

/** What it says in the end, as one JSON line. */
export interface ReaderReport {
  readonly records: number;
  readonly malformed: number;
  /** The most memory that the process ever had. */
  readonly maxRssBytes: number;
}
