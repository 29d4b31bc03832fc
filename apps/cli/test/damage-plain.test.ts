import { it } from "vitest";
import {
  damageEverywhere,
  endsOf,
  expectOthersUntouched,
  look,
  plainScene,
  timeoutMs,
} from "./support/damage-everywhere.js";

it("of every flipped bit and every cut in a plain segment, verify finds it, and queries lose the line that is hit and no other", {
  timeout: timeoutMs,
}, async () => {
  const plain = await plainScene();
  const { lines, segment } = plain;
  const ends = endsOf(lines);
  await damageEverywhere(plain, segment, async (_damage, at, isCut) => {
    const { isFound, lines: got } = await look(plain, segment, at % 2 === 0);
    if (!isFound) throw new Error("not found");
    const hit = ends.findIndex((end) => end > at);
    const isLineEnd = ends[hit] === at + 1;
    expectOthersUntouched(got, lines, (index) =>
      isCut ? index >= hit : index === hit || (isLineEnd && index === hit + 1),
    );
  });
});
