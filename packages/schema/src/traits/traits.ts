/** How much an event asks for attention. */
export type Severity = "info" | "warning" | "error";

/** What an event is about. Types declared outside this package may add categories of their own. */
export type Category =
  | "job"
  | "agent"
  | "checkpoint"
  | "worktree"
  | "performance"
  | "dlq"
  | "claude"
  | "phase"
  | "system";

/**
 * The fields of an event as read: their names are known, their values are not, since a line may have been written
 * by anyone.
 */
export type AsRead<T> = { readonly [F in keyof T]?: unknown };

/** What is known of an event type beside its fields. */
export interface Traits<Payload> {
  readonly severity: Severity;
  /** The essentials of an event in a few words; never throws. */
  readonly summary: (event: AsRead<Payload>) => string;
}

/** The traits of all types of one category. */
export type CategoryTraits<EventMap> = { readonly [K in keyof EventMap]: Traits<EventMap[K]> };
