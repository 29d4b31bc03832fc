/** Looks for literals in lines that have been read: a line in which none stands cannot match a pattern that needs one. */

/** How many literals can be looked for, and how long each can be. */
export const maxLiterals: u32 = 20;
export const maxLiteralBytes: u32 = 64;

/**
 * A literal: vectors of two of its bytes, each with one of what is set in the bytes that are compared with it (0x20 for a
 * letter whose case does not matter, else 0); its length and the places of the two; its bytes, and what is set for each.
 */
const textAt: u32 = 80;
const entryBytes: u32 = textAt + 2 * maxLiteralBytes;
const literals: usize = heap.alloc(maxLiterals * entryBytes);
let literalCount: u32 = 0;
/** Whether literals are looked for in values only. */
let leavesKeys: bool = false;

/** Forgets all literals. */
export function clearLiterals(inValuesOnly: bool): void {
  literalCount = 0;
  leavesKeys = inValuesOnly;
}

/**
 * Adds a literal; small letters stand for both cases if `foldsCase`. False if there is no room for it.
 *
 * @param one, other the places of the two bytes by which it is looked for: the rarer they are, the better
 */
export function addLiteral(text: usize, length: u32, one: u32, other: u32, foldsCase: bool): bool {
  if (literalCount == maxLiterals || length == 0 || length > maxLiteralBytes) return false;
  const entry = literals + literalCount * entryBytes;
  for (let at: u32 = 0; at < length; at++) {
    const byte = load<u8>(text + at);
    const isLetter = byte >= 0x61 && byte <= 0x7a;
    store<u8>(entry + textAt + at, byte);
    store<u8>(entry + textAt + maxLiteralBytes + at, foldsCase && isLetter ? 0x20 : 0);
  }
  const bytes = entry + textAt;
  const sets = bytes + maxLiteralBytes;
  v128.store(entry, i8x16.splat(load<i8>(bytes + one)));
  v128.store(entry, i8x16.splat(load<i8>(sets + one)), 16);
  v128.store(entry, i8x16.splat(load<i8>(bytes + other)), 32);
  v128.store(entry, i8x16.splat(load<i8>(sets + other)), 48);
  store<u32>(entry, length, 64);
  store<u32>(entry, one, 68);
  store<u32>(entry, other, 72);
  literalCount++;
  return true;
}

/**
 * Notes for each line whether one of the literals stands in it. Looks at whole vectors, up to a literal's length and a
 * vector behind the last line.
 *
 * @param base what the starts and ends of lines are counted from
 */
export function findLiterals(base: usize, starts: usize, ends: usize, count: u32, found: usize): void {
  for (let row: u32 = 0; row < count; row++) {
    const start = base + load<u32>(starts + (row << 2));
    const end = base + load<u32>(ends + (row << 2));
    store<u8>(found + row, hasLiteral(start, end) ? 1 : 0);
  }
}

function hasLiteral(start: usize, end: usize): bool {
  const last = literals + literalCount * entryBytes;
  for (let p = start; p < end; p += 16) {
    for (let entry = literals; entry < last; entry += entryBytes) {
      const ones = v128.load(p + load<u32>(entry, 68));
      const others = v128.load(p + load<u32>(entry, 72));
      let places = i8x16.bitmask(
        v128.and(
          i8x16.eq(v128.or(ones, v128.load(entry, 16)), v128.load(entry)),
          i8x16.eq(v128.or(others, v128.load(entry, 48)), v128.load(entry, 32)),
        ),
      );
      while (places != 0) {
        const length = load<u32>(entry, 64);
        const at = p + ctz(places);
        if (at + length <= end && isLiteral(at, entry + textAt, length)) {
          if (!leavesKeys || !isInKey(at + length)) return true;
        }
        places &= places - 1;
      }
    }
  }
  return false;
}

/**
 * Whether what ends at a place in a line of JSON is in a key: in a text that is followed by a colon. Of a text with an
 * escape it is not said.
 */
function isInKey(p: usize): bool {
  if (load<u8>(p - 1) == 0x5c) return false;
  while (true) {
    const byte = load<u8>(p++);
    if (byte == 0x22) return load<u8>(p) == 0x3a;
    if (byte == 0x5c || byte < 0x20) return false;
  }
}

function isLiteral(p: usize, text: usize, length: u32): bool {
  for (let at: u32 = 0; at < length; at++) {
    if ((load<u8>(p + at) | load<u8>(text + at + maxLiteralBytes)) != load<u8>(text + at)) return false;
  }
  return true;
}
