/** Numbers as offsets from a base, each in the same few bytes, little-endian: 0, 1, 2, 4 or, as doubles, 8. */
export interface PackedValues {
  readonly base: number;
  readonly width: Width;
  readonly bytes: Uint8Array;
}

export type Width = 0 | 1 | 2 | 4 | 8;

export function isWidth(value: number): value is Width {
  return value === 0 || value === 1 || value === 2 || value === 4 || value === 8;
}

/** The same number, any number of times. */
export function constant(base: number): PackedValues {
  return { base, width: 0, bytes: new Uint8Array(0) };
}

/** The first `count` values, whole numbers whose differences are below 2^53, packed as narrowly as they all go. */
export function packValues(values: Float64Array, count: number): PackedValues {
  if (count === 0) return constant(0);
  let least = values[0]!;
  let greatest = least;
  for (let at = 1; at < count; at++) {
    const value = values[at]!;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  return packWithin(values, count, least, greatest);
}

/** The same where the least and the greatest of the values are known. */
export function packWithin(
  values: Float64Array,
  count: number,
  least: number,
  greatest: number,
): PackedValues {
  const width = widthFor(greatest - least);
  if (width === 0) return constant(least);
  return { base: least, width, bytes: packers[width](values, count, least) };
}

function widthFor(range: number): Width {
  if (range === 0) return 0;
  if (range < 0x100) return 1;
  if (range < 0x1_0000) return 2;
  return range < 0x1_0000_0000 ? 4 : 8;
}

/** By width. Each is a function of its own, because the compiler makes the best of loops over one kind of numbers. */
const packers = {
  1: (values: Float64Array, count: number, base: number) => {
    const packed = new Uint8Array(count);
    for (let at = 0; at < count; at++) packed[at] = values[at]! - base;
    return packed;
  },
  2: (values: Float64Array, count: number, base: number) => {
    const packed = new Uint16Array(count);
    for (let at = 0; at < count; at++) packed[at] = values[at]! - base;
    return new Uint8Array(packed.buffer);
  },
  4: (values: Float64Array, count: number, base: number) => {
    const packed = new Uint32Array(count);
    for (let at = 0; at < count; at++) packed[at] = values[at]! - base;
    return new Uint8Array(packed.buffer);
  },
  8: (values: Float64Array, count: number, base: number) => {
    const packed = new Float64Array(count);
    for (let at = 0; at < count; at++) packed[at] = values[at]! - base;
    return new Uint8Array(packed.buffer);
  },
} as const;

/** Writes the values of `packed` to the beginning of `values`. */
export function unpackValues(
  { base, width, bytes }: PackedValues,
  count: number,
  values: Float64Array | Uint32Array | Uint8Array,
): void {
  if (width === 0) {
    values.fill(base, 0, count);
    return;
  }
  const offsets = packedArray(width, bytes);
  for (let at = 0; at < count; at++) values[at] = base + offsets[at]!;
}

/** The offsets of packed values as numbers; `width` is not 0. */
export function packedArray(
  width: Width,
  bytes: Uint8Array,
): Float64Array | Uint32Array | Uint16Array | Uint8Array {
  // Views of wider numbers begin at a multiple of their width.
  const aligned = bytes.byteOffset % (width || 1) === 0 ? bytes : Uint8Array.from(bytes);
  const { buffer, byteOffset, byteLength } = aligned;
  if (width === 1) return aligned;
  if (width === 2) return new Uint16Array(buffer, byteOffset, byteLength / 2);
  if (width === 4) return new Uint32Array(buffer, byteOffset, byteLength / 4);
  return new Float64Array(buffer, byteOffset, byteLength / 8);
}
