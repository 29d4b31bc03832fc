import type { Line } from "../src/index.js";

/** What a segment with this content must give, worked out in the plainest way: all at once, line by line. */
export function linesByDefinition(content: Buffer, maxLineBytes: number) {
  const lines: Line[] = [];
  const problems: [reason: string, offset: number, length: number][] = [];
  let offset = 0;
  for (let end = content.indexOf(0x0a); end !== -1; end = content.indexOf(0x0a, offset)) {
    const raw = content.subarray(offset, end);
    const mark = offset === 0 && raw.subarray(0, 3).toString("hex") === "efbbbf" ? 3 : 0;
    const text = decode(raw.subarray(mark));
    if (raw.length > maxLineBytes) problems.push(["too_long", offset, raw.length]);
    else if (raw.includes(0)) problems.push(["nul", offset, raw.length]);
    else if (text === undefined) problems.push(["utf8", offset, raw.length]);
    else if (/[^ \t\r]/.test(text)) lines.push({ text, offset: offset + mark, length: raw.length - mark });
    offset = end + 1;
  }
  if (offset < content.length) problems.push(["tail", offset, content.length - offset]);
  return { lines, problems };
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
