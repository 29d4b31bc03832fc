import { parseSegmentName, type SegmentName, type SegmentState } from "./segment-name.js";

/** A file in a directory that stands for one logical segment. */
export interface NamedSegment {
  fileName: string;
  name: SegmentName;
}

/**
 * Uncompressed first: while both exist, the compressed file is new and the plain one is about to be removed. A
 * backup is a step of somebody's rename, and counts only when nothing else is there.
 */
const preference: readonly SegmentState[] = ["plain", "rotated", "compressed", "backup"];

/**
 * Of a directory's file names, those to read: one for each logical segment, sorted by logical name. Everything
 * that is not named like a segment is left out.
 */
export function chooseStates(fileNames: readonly string[]): NamedSegment[] {
  const chosen = new Map<string, NamedSegment>();
  for (const fileName of fileNames) {
    const name = parseSegmentName(fileName);
    if (name === undefined) continue;
    const rival = chosen.get(name.logicalName);
    const candidate = { fileName, name };
    if (rival === undefined || isBetter(candidate, rival)) chosen.set(name.logicalName, candidate);
  }
  return [...chosen.values()].sort((a, b) => compareText(a.name.logicalName, b.name.logicalName));
}

/** `.rotated.gz` before other compressed names: it is the one that our compression has verified. */
function isBetter(candidate: NamedSegment, rival: NamedSegment): boolean {
  const byState = preference.indexOf(candidate.name.state) - preference.indexOf(rival.name.state);
  if (byState !== 0) return byState < 0;
  const [ours, theirs] = [candidate, rival].map(({ fileName }) => fileName.endsWith(".rotated.gz"));
  return ours === theirs ? candidate.fileName < rival.fileName : ours === true;
}

/** Orders texts by their UTF-16 code units, the same on every machine. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
