import { it } from "vitest";
import {
  damageEverywhere,
  expectOthersUntouched,
  look,
  plainScene,
  timeoutMs,
} from "./support/damage-everywhere.js";

it("of every flipped bit and every cut in a manifest, verify finds it, and queries do not mind", {
  timeout: timeoutMs,
}, async () => {
  const plain = await plainScene();
  const { lines, manifest } = plain;
  await damageEverywhere(plain, manifest, async (_damage, at) => {
    const { isFound, lines: got } = await look(plain, manifest, at % 2 === 0);
    if (!isFound) throw new Error("not found");
    expectOthersUntouched(got, lines, () => false);
  });
});
