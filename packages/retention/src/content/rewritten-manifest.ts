import type { Checksums, Manifest, RemovedRange } from "@prodigy-events/storage";

/**
 * The manifest of a segment that clean has written anew. It is put in place just before the content; a crash in
 * between leaves the former content under the new manifest, which is why it describes the former one as well.
 */
export interface RewrittenManifest extends Manifest {
  supersedes?: { bytes: number; sha256: string; removed: RemovedRange[] };
}

/**
 * What was taken out of a segment before its present content was written, in bytes of the original;
 * `undefined` when the content is not one that the manifest describes.
 */
export function removedBefore(manifest: RewrittenManifest, content: Checksums): RemovedRange[] | undefined {
  if (describes(manifest, content)) return manifest.removed ?? [];
  const former = manifest.supersedes;
  return former !== undefined && describes(former, content) ? former.removed : undefined;
}

function describes(stated: { bytes: number; sha256: string }, content: Checksums): boolean {
  return stated.bytes === content.bytes && stated.sha256 === content.sha256;
}

/**
 * Adds ranges taken out of the present content to those taken out before. The result is in bytes of the original
 * content, by ascending offset, adjacent ranges joined.
 *
 * @param before in bytes of the original, by ascending offset
 * @param now in bytes of the present content, by ascending offset
 */
export function addRemovedRanges(
  before: readonly RemovedRange[],
  now: readonly RemovedRange[],
): RemovedRange[] {
  const earlier = [...before];
  const joined: RemovedRange[] = [];
  let shift = 0; // bytes taken out before, up to the present position
  /** The next earlier range, if the content that followed it begins below `end` now. */
  const takeEarlier = (end: number): RemovedRange | undefined => {
    if (earlier.length === 0 || earlier[0]!.offset - shift >= end) return undefined;
    const range = earlier.shift()!;
    shift += range.length;
    return range;
  };
  for (const { offset, length, lines } of now) {
    for (let range = takeEarlier(offset + 1); range !== undefined; range = takeEarlier(offset + 1))
      join(joined, range);
    const range = { offset: offset + shift, length, lines };
    for (
      let inner = takeEarlier(offset + length);
      inner !== undefined;
      inner = takeEarlier(offset + length)
    ) {
      range.length += inner.length;
      range.lines += inner.lines;
    }
    join(joined, range);
  }
  for (const range of earlier) join(joined, range);
  return joined;
}

function join(ranges: RemovedRange[], next: RemovedRange): void {
  const last = ranges.at(-1);
  if (last === undefined || last.offset + last.length !== next.offset) ranges.push({ ...next });
  else {
    last.length += next.length;
    last.lines += next.lines;
  }
}
