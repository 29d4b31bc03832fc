/**
 * One line of either form of a Claude Code session, in so far as it is used here:
 *
 * - `claude -p --output-format stream-json` prints `system`/`init`, `assistant`, `user` and `result` lines
 *   with `session_id`; lines of a sub-agent have `parent_tool_use_id`;
 * - the transcripts in `~/.claude/projects/<project>/<session>.jsonl` have `assistant` and `user` lines with
 *   `sessionId`, `uuid` and `timestamp`, among others; those of a sub-agent `isSidechain` and `agentId`.
 *
 * Neither form is versioned: nothing but `type` is relied on, and everything is checked where it is used.
 */
export interface TranscriptLine {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** One part of a message: text, a tool's call, its result, … */
export interface Block {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** The line as an object, or `undefined` if it is not JSON or not of this kind. */
export function parseLine(text: string): TranscriptLine | undefined {
  try {
    const value = record(JSON.parse(text));
    return typeof value.type === "string" ? (value as TranscriptLine) : undefined;
  } catch {
    // Not JSON: the caller counts the line and says where it is.
    return undefined;
  }
}

/** The parts of a message; a message that is a mere string is one part. */
export function blocksOf(content: unknown): Block[] {
  if (typeof content === "string") return [{ type: "text", text: content }];
  return array(content).map((part) => ({
    ...record(part),
    type: string(record(part).type) ?? "without type",
  }));
}

/** The text of a tool's result, which is a string or again a list of parts. */
export function textOf(content: unknown): string {
  return blocksOf(content)
    .map((block) => string(block.text) ?? `[${block.type}]`)
    .join("\n");
}

export function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

export function array(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

export function string(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A count; what is missing or no count is 0. */
export function count(value: unknown): number {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : 0;
}
