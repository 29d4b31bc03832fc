import { lineOf } from "../test-records.js";

/** Who wrote the segment that is damaged. */
export const producerId = "damaged001";

const segmentBytes = 20_480;
/** The one line with an event type of its own: what a selective question asks for, far from both ends. */
const rareLine = 30;
export const rareType = "agent_failed";

/** The lines of a 20 KiB segment, with their line ends: of different lengths and alphabets. */
export function segmentLines(): string[] {
  const lines: string[] = [];
  for (let size = 0; ; ) {
    const type = lines.length === rareLine ? rareType : undefined;
    const line = lineOf(producerId, lines.length, "ünï-😀-".repeat(lines.length % 5), type);
    size += Buffer.byteLength(line);
    if (size > segmentBytes) return lines;
    lines.push(line);
  }
}
