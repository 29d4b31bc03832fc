import { crc32 } from "node:zlib";

const sealStart = ',"checksum":"crc32:';

/**
 * The text of a JSON object with a checksum of itself as the last member: one line, one final `\n`. The checksum
 * is the CRC-32, in 8 hex digits, of all UTF-8 bytes before `,"checksum":`.
 */
export function sealJson(value: object): string {
  const body = JSON.stringify(value).slice(0, -1);
  return `${body}${sealStart}${checksumOf(body)}"}\n`;
}

/** The object in a sealed text without its checksum; `undefined` when the text is not what was written. */
export function openSealedJson(text: string): Record<string, unknown> | undefined {
  const end = text.lastIndexOf(sealStart);
  if (end === -1) return undefined;
  const body = text.slice(0, end);
  if (text !== `${body}${sealStart}${checksumOf(body)}"}\n`) return undefined;
  try {
    return JSON.parse(`${body}}`) as Record<string, unknown>;
  } catch {
    return undefined; // sealed, but never JSON
  }
}

function checksumOf(text: string): string {
  return crc32(text).toString(16).padStart(8, "0");
}
