import type { Severity } from "@prodigy-events/schema";

/** The signs that the program draws itself. */
export interface Symbols {
  readonly severity: Readonly<Record<Severity, string>>;
  readonly separator: string;
  readonly ellipsis: string;
  /** Full cell of a bar, then the parts of a cell from the widest to the narrowest. */
  readonly bar: { readonly full: string; readonly parts: readonly string[] };
  readonly rule: string;
}

const unicode: Symbols = {
  severity: { error: "✖", warning: "▲", info: "·" },
  separator: " · ",
  ellipsis: "…",
  bar: { full: "█", parts: ["▉", "▊", "▋", "▌", "▍", "▎", "▏"] },
  rule: "─",
};

const ascii: Symbols = {
  severity: { error: "x", warning: "!", info: "-" },
  separator: " - ",
  ellipsis: "...",
  bar: { full: "#", parts: [] },
  rule: "-",
};

/** The set of signs for `--ascii` or for everyone else. */
export function createSymbols(isAscii: boolean): Symbols {
  return isAscii ? ascii : unicode;
}

/** A bar of `share` (0 to 1) of `columns`; anything above zero shows at least the narrowest part. */
export function drawBar(share: number, columns: number, { bar }: Symbols): string {
  const steps = bar.parts.length + 1;
  const eighths = Math.round(Math.min(Math.max(share, 0), 1) * columns * steps);
  const filled = share > 0 ? Math.max(eighths, 1) : 0;
  const whole = Math.floor(filled / steps);
  const rest = filled % steps;
  return bar.full.repeat(whole) + (rest === 0 ? "" : (bar.parts[steps - 1 - rest] ?? ""));
}
