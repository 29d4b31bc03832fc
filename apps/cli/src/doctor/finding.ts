/** How serious a finding is. `broken` makes the program end with 1. */
export type FindingStatus = "ok" | "warning" | "broken";

/** One line of the doctor. */
export interface Finding {
  /** What was looked at: `store`, `space` … */
  readonly check: string;
  readonly status: FindingStatus;
  /** What was found. */
  readonly message: string;
  /** What to do, where there is something to do. */
  readonly advice?: string;
}

export const ok = (check: string, message: string): Finding => ({ check, status: "ok", message });

export const warning = (check: string, message: string, advice: string): Finding => ({
  check,
  status: "warning",
  message,
  advice,
});

export const broken = (check: string, message: string, advice: string): Finding => ({
  check,
  status: "broken",
  message,
  advice,
});

/** A finding from an error whose message says what to do behind a semicolon. */
export function brokenBy(check: string, error: unknown): Finding {
  const message = error instanceof Error ? error.message : String(error);
  const separator = message.lastIndexOf("; ");
  if (separator === -1) return broken(check, message, "look at the file or directory that it names");
  return broken(check, message.slice(0, separator), message.slice(separator + 2));
}
