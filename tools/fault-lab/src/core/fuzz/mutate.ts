import type { Random } from "../random.js";

const interesting = [
  "",
  "\0",
  "\n",
  "\u2028",
  "\ud800",
  "9".repeat(40),
  "-",
  "+",
  "%",
  "__proto__",
  "*",
  "(",
  "\\",
  '"',
  "é",
  "😀",
];

/** A text made of another one by a few changes: pieces doubled, moved, removed, exchanged, or put in from elsewhere. */
export function mutatedText(texts: readonly string[], random: Random): string {
  let text = random.pick(texts);
  for (let change = 1 + random.below(4); change > 0; change -= 1) {
    const at = random.below(text.length + 1);
    const to = Math.min(text.length, at + random.below(8));
    const piece = text.slice(at, to);
    const other = random.pick(texts);
    const from = random.below(other.length + 1);
    text =
      text.slice(0, at) +
      random.pick([
        "",
        piece.repeat(1 + random.below(6)),
        [...piece].reverse().join(""),
        random.pick(interesting),
        other.slice(from, from + random.below(30)),
        String.fromCharCode(random.below(0x10000)),
      ]) +
      text.slice(to);
  }
  return random.chance(0.01) ? text.repeat(200) : text;
}

/** Bytes made of others by a few changes of bits, bytes and lengths. */
export function mutatedBytes(bytes: Buffer, random: Random): Buffer {
  let mutated = Buffer.from(bytes);
  for (let change = 1 + random.below(6); change > 0; change -= 1) {
    const at = random.below(mutated.length + 1);
    const length = random.below(40);
    switch (random.below(5)) {
      case 0:
        if (at < mutated.length) mutated[at] = random.below(256);
        break;
      case 1:
        mutated = Buffer.concat([mutated.subarray(0, at), mutated.subarray(at + length)]);
        break;
      case 2:
        mutated = Buffer.concat([
          mutated.subarray(0, at),
          Buffer.alloc(length, random.below(256)),
          mutated.subarray(at),
        ]);
        break;
      case 3:
        mutated = Buffer.concat([mutated, mutated.subarray(at, at + length)]);
        break;
      default:
        mutated = mutated.subarray(0, random.chance(0.2) ? at : mutated.length);
    }
  }
  return mutated;
}
