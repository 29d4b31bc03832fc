/** Bytes that are expected to stand in a line as they stood in one before. */

/** Bytes behind a literal that may be looked at with it. */
export const literalSlack: u32 = 16;

/**
 * Whether the bytes from `p` on are those of a literal. A literal has no line feed, so that nothing behind the line that
 * `p` is in can be taken for part of it, and no more than a vector behind it is looked at.
 */
export function matches(p: usize, literal: usize, length: u32): bool {
  let at: usize = 0;
  const whole = (length & ~15) as usize;
  for (; at < whole; at += 16) {
    if (!i8x16.all_true(i8x16.eq(v128.load(p + at), v128.load(literal + at)))) return false;
  }
  const rest = length & 15;
  if (rest == 0) return true;
  const mask = (1 << rest) - 1;
  return (i8x16.bitmask(i8x16.eq(v128.load(p + at), v128.load(literal + at))) & mask) == mask;
}
