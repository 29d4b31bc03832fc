import { isUtf8 } from "node:buffer";
import type { LineBlock } from "@prodigy-events/storage";
import type { Kernel } from "../scan/kernel.js";
import { maskOf } from "../scan/row-filter.js";
import type { IndexPieceBuilder } from "./index-piece.js";
import { textColumns } from "./stored-column.js";

const everyColumn = maskOf(textColumns);
const lineEnd = 0x0a;

/** Shows a builder the lines of a block as a kernel reads them. However lines are cut into blocks, it is shown the same. */
export function indexLines(block: LineBlock, kernel: Kernel, builder: IndexPieceBuilder): void {
  const { offset, bytes } = block;
  for (let start = 0; start < bytes.length; ) {
    const isLast = bytes.length - start <= kernel.inputBytes;
    const fitting = isLast ? bytes.length : bytes.lastIndexOf(lineEnd, start + kernel.inputBytes - 1) + 1;
    const end = fitting > start ? fitting : bytes.indexOf(lineEnd, start) + 1;
    const part = { offset: offset + start, bytes: bytes.subarray(start, end) };
    // A line that the kernel has no room for is a part by itself.
    if (part.bytes.length > kernel.inputBytes) builder.addLines(part);
    else indexPart(part, kernel, builder);
    start = end;
  }
}

function indexPart(part: LineBlock, kernel: Kernel, builder: IndexPieceBuilder): void {
  const isValid = isUtf8(part.bytes);
  const { rows } = kernel;
  kernel.load(part.bytes);
  while (kernel.read(everyColumn)) {
    if (!isValid) undecideInvalid(part.bytes, rows);
    builder.addRows(rows, part);
  }
}

/** The kernel takes bytes for UTF-8. A line that is not is none of a record. */
function undecideInvalid(bytes: Buffer, { count, starts, ends, isDecided }: Kernel["rows"]): void {
  for (let row = 0; row < count; row++) {
    if (isDecided[row] === 1 && !isUtf8(bytes.subarray(starts[row]!, ends[row]!))) isDecided[row] = 0;
  }
}
