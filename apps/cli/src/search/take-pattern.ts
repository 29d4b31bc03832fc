import { existsSync } from "node:fs";
import { UsageError } from "../errors/usage-error.js";

/** The pattern, and the files without it. */
export interface TakenPattern {
  readonly pattern: string;
  readonly file: readonly string[];
}

/**
 * Finds the pattern among the arguments. `--file` takes all words that follow it, so in `search --file a.jsonl
 * timeout` the pattern is its last word: taken for the pattern unless it is a file. Throws `UsageError`.
 */
export function takePattern(
  positionals: readonly string[],
  file: readonly string[],
  exists: (path: string) => boolean = existsSync,
): TakenPattern {
  const [pattern] = positionals;
  if (pattern !== undefined) return { pattern, file };
  const last = file.at(-1);
  if (file.length > 1 && last !== undefined && !exists(last))
    return { pattern: last, file: file.slice(0, -1) };
  throw new UsageError(
    file.length > 0
      ? "search needs a PATTERN before --file: search PATTERN --file PATH..."
      : 'search needs a PATTERN, for example: search "error|failed"',
  );
}
