import type { SecretSpan } from "./secret-span.js";

const isTokenCharacter = /[A-Za-z0-9_-]/;
/** Both parts are JSON objects, so that they begin alike. */
const partStart = "eyJ";
const minPartLength = 8;

/**
 * JSON Web Tokens: two JSON objects in base64url and mostly a signature, with dots between them. Found by the middle,
 * because from the left a long text of `eyJeyJeyJ…` would be looked through again and again: between two dots every
 * character is looked at twice at most.
 */
export function findJwts(text: string, found: (span: SecretSpan) => void): void {
  let done = 0;
  for (let dot = text.indexOf(`.${partStart}`); dot !== -1; dot = text.indexOf(`.${partStart}`, dot + 1)) {
    if (dot < done) continue;
    // Behind the signature of one token another may begin: then its header is in the same run of characters.
    const runStart = startOfRun(text, dot);
    const header = text.slice(runStart, dot).indexOf(partStart);
    if (header === -1) continue;
    const start = runStart + header;
    const payloadEnd = endOfRun(text, dot + 1);
    if (dot - start < minPartLength || payloadEnd - dot - 1 < minPartLength) continue;
    const end = text[payloadEnd] === "." ? endOfRun(text, payloadEnd + 1) : payloadEnd;
    done = end;
    found({ start, end, kind: "jwt" });
  }
}

function startOfRun(text: string, end: number): number {
  let start = end;
  while (start > 0 && isTokenCharacter.test(text[start - 1]!)) start -= 1;
  return start;
}

function endOfRun(text: string, start: number): number {
  let end = start;
  while (end < text.length && isTokenCharacter.test(text[end]!)) end += 1;
  return end;
}
