/** One damage: the bytes of the file afterwards, and the stretch of the original file that it touched. */
export interface Damage {
  /** What reproduces it. */
  readonly title: string;
  readonly kind: "flip" | "truncation";
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

/** How many damages there are to a file of so many bytes: a flip of every bit, and a truncation to every length. */
export function damageCount(length: number): number {
  return length * 9;
}

/** One of them, by its number from 0. */
export function damageAt(bytes: Buffer, number: number): Damage {
  const flips = bytes.length * 8;
  return number < flips ? flip(bytes, number) : truncation(bytes, number - flips);
}

function flip(bytes: Buffer, bit: number): Damage {
  const damaged = Buffer.from(bytes);
  const at = Math.floor(bit / 8);
  damaged[at] = bytes[at]! ^ (1 << (bit % 8));
  return {
    title: `flip of bit ${bit % 8} of byte ${at}`,
    kind: "flip",
    bytes: damaged,
    start: at,
    // A flipped line end, or one that comes about, touches the lines on both sides.
    end: at + 1 + Number(bytes[at] === 0x0a),
  };
}

function truncation(bytes: Buffer, length: number): Damage {
  return {
    title: `truncation to ${length} bytes`,
    kind: "truncation",
    bytes: bytes.subarray(0, length),
    start: length,
    end: bytes.length,
  };
}
