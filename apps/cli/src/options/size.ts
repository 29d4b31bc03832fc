import { UsageError } from "../errors/usage-error.js";

const unitBytes: Readonly<Record<string, number>> = {
  b: 1,
  k: 1e3,
  kb: 1e3,
  m: 1e6,
  mb: 1e6,
  g: 1e9,
  gb: 1e9,
  t: 1e12,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/**
 * A size with its unit, such as `100MB` (10^6 bytes each) or `1.5GiB` (2^30), in whole bytes.
 * Throws `UsageError` for no unit, an unknown one, or zero.
 */
export function parseSizeArgument(option: string, text: string): number {
  const refuse = (why: string) =>
    new UsageError(
      `${option} ${why}, got ${JSON.stringify(text)}; write for example ${option} 100MB or 2GiB`,
    );
  const [, amount = "", unit = ""] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text) ?? [];
  if (amount === "") throw refuse("wants a size");
  if (unit === "") throw refuse("needs a unit (B, KB, MB, GB, KiB, MiB, GiB)");
  const factor = Object.hasOwn(unitBytes, unit.toLowerCase()) ? unitBytes[unit.toLowerCase()] : undefined;
  if (factor === undefined) throw refuse(`does not know the unit ${JSON.stringify(unit)}`);
  const bytes = Math.floor(Number(amount) * factor);
  if (bytes <= 0 || !Number.isSafeInteger(bytes))
    throw refuse("wants more than zero bytes and less than 9 PB");
  return bytes;
}

/** Bytes for people: `0 B`, `999 B`, `1.2 MB`. Units of 1000. */
export function formatSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ["kB", "MB", "GB", "TB", "PB"];
  let value = bytes;
  let unit = -1;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}
