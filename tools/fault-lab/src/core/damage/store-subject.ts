import { gunzipSync } from "node:zlib";
import { openStore, type Store } from "@prodigy-events/query";
import { repo } from "../test-records.js";
import type { Damage } from "./damage.js";
import type { Detect } from "./detect.js";
import { type DamageFixture, damageFixture, type SimulatedFile } from "./fixture.js";
import { judgeAnswer, questions } from "./judge.js";
import type { DamageFindings, DamageSubject } from "./subject.js";

/** One in so many questions that the scan kernel answers is left to it: a kernel takes longer to make than to use here. */
const scannedOneIn = 8;

/** The segment, its gz or its manifest, on a simulated disk: one question for each damage, drawn by chance. */
export async function storeSubject(name: SimulatedFile, detect: Detect): Promise<DamageSubject> {
  const fixture = await damageFixture(name);
  const [scanning, parsing] = [await openFixture(fixture), await openFixture(fixture, 0)];
  return {
    bytes: fixture.bytes,
    judge: async (damage, random) => {
      fixture.damaged(damage.bytes);
      const question = random.pick(questions);
      const isScanned = (question === "stats" || question === "search") && random.below(scannedOneIn) === 0;
      const judged = await judgeAnswer(fixture, damage, isScanned ? scanning : parsing, question);
      const isTold = await detect(parsing);
      return {
        ...judged,
        detection: detectionOf(isTold, fixture, damage),
        met: isScanned ? ["scanned"] : [],
      };
    },
  };
}

/** The store of a fixture; with `maxScannedBytes` 0 every line is parsed. */
export function openFixture(
  { root, bytes, damaged }: DamageFixture,
  maxScannedBytes?: number,
): Promise<Store> {
  const bounds = maxScannedBytes === undefined ? {} : { maxScannedBytes };
  return openStore({ root, repo, local: false, cwd: "/", env: {}, fs: damaged(bytes), bounds, threads: 1 });
}

function detectionOf(isTold: boolean, fixture: DamageFixture, damage: Damage): DamageFindings["detection"] {
  if (isTold) return "told";
  return isHarmless(fixture, damage) ? "harmless" : "overlooked";
}

/** A flip in what gzip does not check (times, padding, our own field) leaves the content as it was. */
function isHarmless({ name, lines }: DamageFixture, { bytes }: Damage): boolean {
  if (name !== "gz") return false;
  try {
    return gunzipSync(bytes).equals(Buffer.from(lines.map((line) => `${line}\n`).join("")));
  } catch {
    return false;
  }
}
