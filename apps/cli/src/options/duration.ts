import { UsageError } from "../errors/usage-error.js";

const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

const longestMs = 100 * 365.25 * 86_400_000;

/**
 * A length of time with its unit, such as `30d`, `90m`, `1.5h` or `1h30m`, in milliseconds. A day is 24 hours.
 * Throws `UsageError` for no unit, an unknown one, zero, or more than 100 years.
 */
export function parseDurationArgument(option: string, text: string): number {
  const refuse = (why: string) =>
    new UsageError(
      `${option} ${why}, got ${JSON.stringify(text)}; write for example ${option} 30d, 12h or 90s`,
    );
  if (/^\d+(\.\d+)?$/.test(text)) throw refuse("needs a unit (ms, s, m, h, d, w)");
  if (!/^(\d+(\.\d+)?[a-z]+)+$/i.test(text)) throw refuse("wants a length of time");
  let total = 0;
  for (const [, amount = "", unit = ""] of text.matchAll(/(\d+(?:\.\d+)?)([a-z]+)/gi)) {
    // "M" could mean months.
    const known = unit === "M" ? "" : unit.toLowerCase();
    const factor = Object.hasOwn(unitMs, known) ? unitMs[known] : undefined;
    if (factor === undefined) throw refuse(`does not know the unit ${JSON.stringify(unit)}`);
    total += Number(amount) * factor;
  }
  if (total <= 0) throw refuse("wants more than zero");
  if (total > longestMs) throw refuse("wants at most 100 years");
  return total;
}
