import { isUtf8 } from "node:buffer";
import { absent, type Column, type Kernel, type Rows, unlisted } from "../src/scan/kernel.js";
import { emptyRows, type SegmentIndex } from "../src/segment-index/segment-index.js";
import { everything, textColumns } from "../src/segment-index/stored-column.js";

/** What a row says, with texts for codes. */
export type RowSeen = readonly [start: number, end: number, columns?: readonly unknown[]];

function seenIn(rows: Rows, offset: number, textOf: (of: Column, code: number) => string): RowSeen[] {
  return Array.from({ length: rows.count }, (_, row): RowSeen => {
    const place = [offset + rows.starts[row]!, offset + rows.ends[row]!] as const;
    if (rows.isDecided[row] !== 1) return place;
    const texts = rows.codes.map((codes, of) => {
      const code = codes[row]!;
      return code === absent ? null : code === unlisted ? "unlisted" : textOf(of as Column, code);
    });
    return [...place, [rows.ms[row], rows.nanos[row], rows.sequences[row], ...texts]];
  });
}

/**
 * The rows of the kernel, line by line. One that it has no room for is undecided; one that is not UTF-8 is none of a record, and what the kernel has no code for, an index
 * gives as undecided.
 */
export function kernelRows(content: Buffer, kernel: Kernel): RowSeen[] {
  const seen: RowSeen[] = [];
  for (let start = 0; start < content.length; ) {
    const end = content.indexOf(0x0a, start);
    const line = content.subarray(start, end + 1);
    if (line.length > kernel.inputBytes) {
      seen.push([start, end]);
    } else if (line.length > 1) {
      kernel.load(line);
      kernel.read(everything);
      seen.push(...seenIn(kernel.rows, start, (of, code) => kernel.text(of, code)));
    }
    start = end + 1;
  }
  return seen.map(([start, end, columns]) => {
    const isListed = !columns?.includes("unlisted") && isUtf8(content.subarray(start, end));
    return columns && isListed ? [start, end, columns] : [start, end];
  });
}

/** The rows of an index. */
export async function indexRows(index: SegmentIndex): Promise<RowSeen[]> {
  const groups = await index.groups();
  const dictionaries = await Promise.all(textColumns.map((of) => index.dictionary(of)));
  const rows = emptyRows();
  const seen: RowSeen[] = [];
  for (const [group, { firstOffset }] of groups!.entries()) {
    const isSound =
      (await index.load(everything, group, group + 1)) && index.fill(group, everything, rows, []);
    if (!isSound) throw new Error(`group ${group} of ${index.path} is damaged`);
    seen.push(...seenIn(rows, firstOffset, (of, code) => dictionaries[of]!.texts[code - 1]!));
  }
  return seen;
}
