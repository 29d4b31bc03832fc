/**
 * What may go. Several limits together remove the union of what each would remove alone; a limit that is
 * not given removes nothing. Each limit looks at the total of the scope, not at each file.
 */
export interface RetentionPolicy {
  /**
   * Records whose timestamp is more than this many milliseconds before `now` may go. Exact: a record of
   * exactly this age stays. Positive, at most 100 years.
   */
  olderThanMs?: number;
  /** Only this many newest records stay; a record that is stored twice counts once. Integer, at least 1. */
  maxEvents?: number;
  /**
   * The files of the scope may take this many bytes as they are stored; the oldest records go first.
   * Integer, at least 1.
   */
  maxBytes?: number;
  /** Copy what goes to this directory, an absolute path, first. Without it, what goes is gone. */
  archive?: { directory: string };
}

/** The names of the limits of a {@link RetentionPolicy}. */
export type RetentionLimit = "olderThanMs" | "maxEvents" | "maxBytes";
