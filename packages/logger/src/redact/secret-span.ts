/** A secret in a text: from `start` up to `end`, in UTF-16 units. */
export interface SecretSpan {
  readonly start: number;
  readonly end: number;
  /** What it is: `github-token`, `password` … */
  readonly kind: string;
}

/** How every mark of a secret begins. */
export const markStart = "[REDACTED:";

/** What stands in the place of a secret. */
export function markOf(kind: string): string {
  return `${markStart}${kind}]`;
}

/** What stands in the place of a value that could not be searched. */
export const failedMark = "[REDACTION_FAILED]";

const mark = /^\[REDACT(?:ED(?::[a-z0-9-]+)?|ION_FAILED)\]$/;

/** Whether a text is one of our marks and nothing else. */
export function isMark(text: string): boolean {
  return text.length <= 100 && mark.test(text);
}

/**
 * Sorted and apart, without marks of an earlier redaction. Of those that overlap one is made, with the kind of the one
 * that stands first in `spans`: whoever finds them, names the exact kinds first.
 */
export function joinSpans(text: string, spans: readonly SecretSpan[]): SecretSpan[] {
  const ranked = spans.map((span, rank) => ({ ...span, rank })).sort((a, b) => a.start - b.start);
  const joined: typeof ranked = [];
  for (const span of ranked) {
    const isNothing = span.end <= span.start || isMark(text.slice(span.start, span.end));
    const last = joined.at(-1);
    if (isNothing) continue;
    if (last === undefined || span.start >= last.end) {
      joined.push(span);
      continue;
    }
    const { kind, rank } = span.rank < last.rank ? span : last;
    joined[joined.length - 1] = { start: last.start, end: Math.max(last.end, span.end), kind, rank };
  }
  return joined.map(({ start, end, kind }) => ({ start, end, kind }));
}

/** A text whose secrets are replaced, and where their marks begin in it. */
export interface Replaced {
  readonly text: string;
  readonly marks: readonly { readonly kind: string; readonly at: number }[];
}

/** Replaces spans, which must be sorted and apart, by their marks. */
export function replaceSpans(text: string, spans: readonly SecretSpan[]): Replaced {
  const marks: { kind: string; at: number }[] = [];
  let result = "";
  let done = 0;
  for (const { start, end, kind } of spans) {
    result += text.slice(done, start);
    marks.push({ kind, at: result.length });
    result += markOf(kind);
    done = end;
  }
  return { text: result + text.slice(done), marks };
}
