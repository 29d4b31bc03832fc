/**
 * The grammar of JSON without white space between tokens. Each function reads something from its first byte on and
 * returns where it ends, or 0 if it is not that.
 */

let escaped: bool = false;

/** Whether a text that was read since `forgetEscapes` has escapes in it. */
export function hasEscapes(): bool {
  return escaped;
}

export function forgetEscapes(): void {
  escaped = false;
}

/** What stands in a text, after its opening quote, and its closing quote. */
export function readString(p: usize): usize {
  const quote = i8x16.splat(0x22);
  const backslash = i8x16.splat(0x5c);
  const space = i8x16.splat(0x20);
  while (true) {
    const bytes = v128.load(p);
    const ends = v128.or(
      v128.or(i8x16.eq(bytes, quote), i8x16.eq(bytes, backslash)),
      i8x16.lt_u(bytes, space),
    );
    const found = i8x16.bitmask(ends);
    if (found == 0) {
      p += 16;
      continue;
    }
    p += ctz(found);
    const byte = load<u8>(p);
    if (byte == 0x22) return p + 1;
    if (byte != 0x5c) return 0;
    escaped = true;
    p = readEscape(p + 1);
    if (p == 0) return 0;
  }
}

function readEscape(p: usize): usize {
  const byte = load<u8>(p);
  if (byte == 0x75) {
    for (let at: usize = 1; at <= 4; at++) if (!isHexDigit(load<u8>(p + at))) return 0;
    return p + 5;
  }
  const isSimple =
    byte == 0x22 ||
    byte == 0x5c ||
    byte == 0x2f ||
    byte == 0x62 ||
    byte == 0x66 ||
    byte == 0x6e ||
    byte == 0x72 ||
    byte == 0x74;
  return isSimple ? p + 1 : 0;
}

function isHexDigit(byte: u8): bool {
  return isDigit(byte) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);
}

export function isDigit(byte: u8): bool {
  return byte >= 0x30 && byte <= 0x39;
}

function readDigits(p: usize): usize {
  if (!isDigit(load<u8>(p))) return 0;
  do p++;
  while (isDigit(load<u8>(p)));
  return p;
}

export function readNumber(p: usize): usize {
  if (load<u8>(p) == 0x2d) p++;
  if (load<u8>(p) == 0x30) p++;
  else p = readDigits(p);
  if (p != 0 && load<u8>(p) == 0x2e) p = readDigits(p + 1);
  if (p != 0 && (load<u8>(p) | 0x20) == 0x65) {
    p++;
    if (load<u8>(p) == 0x2b || load<u8>(p) == 0x2d) p++;
    p = readDigits(p);
  }
  return p;
}

export function readKey(p: usize): usize {
  if (load<u8>(p) != 0x22) return 0;
  p = readString(p + 1);
  return p != 0 && load<u8>(p) == 0x3a ? p + 1 : 0;
}

/** A value of any kind without white space, up to 60 levels deep. */
export function readValue(p: usize): usize {
  let depth = 0;
  let isObject: u64 = 0;
  while (true) {
    const byte = load<u8>(p);
    if (byte == 0x22) {
      p = readString(p + 1);
    } else if (byte == 0x7b || byte == 0x5b) {
      if (load<u8>(p, 1) == byte + 2) {
        p += 2;
      } else {
        if (++depth > 60) return 0;
        isObject = (isObject << 1) | (byte == 0x7b ? 1 : 0);
        p = byte == 0x7b ? readKey(p + 1) : p + 1;
        if (p == 0) return 0;
        continue;
      }
    } else if (byte == 0x2d || isDigit(byte)) {
      p = readNumber(p);
    } else if (load<u32>(p) == 0x65757274 || load<u32>(p) == 0x6c6c756e) {
      p += 4; // true, null
    } else if (load<u32>(p) == 0x736c6166 && load<u8>(p, 4) == 0x65) {
      p += 5; // false
    } else {
      return 0;
    }
    if (p == 0) return 0;
    while (true) {
      if (depth == 0) return p;
      const next = load<u8>(p++);
      if (next == 0x2c) {
        if ((isObject & 1) != 0) p = readKey(p);
        if (p == 0) return 0;
        break;
      }
      if (next != ((isObject & 1) != 0 ? 0x7d : 0x5d)) return 0;
      depth--;
      isObject >>= 1;
    }
  }
}
