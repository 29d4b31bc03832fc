import type { Member } from "@prodigy-events/storage";
import { expect, it } from "vitest";
import {
  compressedScene,
  damageEverywhere,
  endsOf,
  expectOthersUntouched,
  look,
  timeoutMs,
} from "./support/damage-everywhere.js";

it("of every flipped bit and every cut in a compressed segment, verify finds it, and queries lose no line outside the member that is hit", {
  timeout: timeoutMs,
}, async () => {
  const compressed = await compressedScene();
  const { lines, segment, members } = compressed;
  const ends = endsOf(lines);
  expect(members.length).toBeGreaterThan(1);
  const unnoticed: number[] = [];
  await damageEverywhere(compressed, segment, async (_damage, at, isCut) => {
    const { isFound, lines: got } = await look(compressed, segment, at % 2 === 0);
    const hit = members.findLastIndex(({ offset }) => offset <= at);
    const { logicalOffset, logicalBytes } = members[hit] as Member;
    const isHit = (index: number) => {
      const end = ends[index] as number;
      return end > logicalOffset && (isCut || end <= logicalOffset + logicalBytes);
    };
    if (isFound) expectOthersUntouched(got, lines, isHit);
    else {
      expect(isCut).toBe(false);
      expect(got.toSorted()).toEqual([...lines].sort());
      unnoticed.push(at);
    }
  });
  // Bits that fill the last byte of a deflate stream are in no content. FORMAT.md says so.
  const lastDeflateBytes = members.map(({ offset, compressedBytes }) => offset + compressedBytes - 9);
  expect(unnoticed.filter((at) => !lastDeflateBytes.includes(at))).toEqual([]);
  expect(unnoticed.length).toBeLessThanOrEqual(7 * members.length);
});
