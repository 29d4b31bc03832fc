import { resemblesMember } from "../gzip/member-header.js";

/** What a file holds, by its first bytes. `members` is gzip that we wrote, which can be entered anywhere. */
export type ContentFormat = "plain" | "gzip" | "members" | "zstd";

/** Bytes at the beginning of a file that {@link contentFormatOf} looks at. */
export const formatProbeBytes = 16;

/**
 * Tells the format from magic bytes: gzip `1f 8b` (RFC 1952), zstd `28 b5 2f fd`, or one of zstd's skippable
 * frames `5x 2a 4d 18` (RFC 8878). No text begins with these. Gzip of ours is known by its members' headers, also when
 * a few bytes of the first are damaged, because the members after it can then still be read.
 */
export function contentFormatOf(beginning: Uint8Array): ContentFormat {
  const [first, second, third, fourth] = beginning;
  if (resemblesMember(beginning)) return "members";
  if (first === 0x1f && second === 0x8b) return "gzip";
  if (first === 0x28 && second === 0xb5 && third === 0x2f && fourth === 0xfd) return "zstd";
  const skippable =
    first !== undefined && first >> 4 === 5 && second === 0x2a && third === 0x4d && fourth === 0x18;
  return skippable ? "zstd" : "plain";
}
