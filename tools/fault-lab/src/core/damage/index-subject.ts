import { mkdir, readFile, utimes, writeFile } from "node:fs/promises";
import { openStore, type ReadingStrategy, type Store } from "@prodigy-events/query";
import { formatSegmentName, indexPath, jobDirectory, registerProducer } from "@prodigy-events/storage";
import type { Random } from "../random.js";
import { deadIdentity, firstRecordMs, jobId, quickFileSystem, repo } from "../test-records.js";
import type { Damage } from "./damage.js";
import { type IndexQuestion, indexAnswer, indexQuestions } from "./index-answer.js";
import { producerId, segmentLines } from "./segment-lines.js";
import type { DamageFindings, DamageSubject } from "./subject.js";

/** A search that no other filter helps looks at every line: one in so many has the scan kernel do that. */
const scannedOneIn = 4;

/** Says whether both ways to look at indexes tell that one is of no use. */
export type DetectIndex = (store: Store) => Promise<boolean>;

/** Asks `verify` and `index --check`, as a user does. */
export const detectIndexByStore: DetectIndex = async (store) => {
  const { counts } = await store.verify({ deep: true });
  const { segments } = await store.index({ check: true });
  return (counts.get("unusable_index") ?? 0) > 0 && segments.every(({ state }) => state !== "fresh");
};

/** The index of a segment, and what it is good for while it is sound. */
export interface IndexSubject extends DamageSubject {
  /** How a question is answered with these bytes in the index, and whether that is what is answered without one. */
  ask(
    bytes: Buffer,
    question: IndexQuestion,
    by?: Store,
  ): Promise<{ strategy?: ReadingStrategy; isSame: boolean }>;
  isDetected(bytes: Buffer): Promise<boolean>;
}

/**
 * The index of a 20 KiB segment, below a directory of the real disk: indexes are used nowhere else. Every question is
 * asked of every damage, each with the damaged file in place, since one that reads the segment puts a sound index there.
 */
export async function indexSubject(
  parent: string,
  detect: DetectIndex = detectIndexByStore,
): Promise<IndexSubject> {
  const root = `${parent}/store`;
  const directory = jobDirectory(root, repo, jobId);
  const segment = formatSegmentName(firstRecordMs, producerId);
  await mkdir(root, { recursive: true, mode: 0o700 });
  await registerProducer(directory, deadIdentity(producerId), quickFileSystem);
  const segmentPath = `${directory}/${segment}.rotated`;
  await writeFile(segmentPath, segmentLines().join(""), { mode: 0o600 });
  // The index holds this time: as a whole number it is as long in every part of a run.
  await utimes(segmentPath, firstRecordMs / 1_000, firstRecordMs / 1_000);
  const open = (index: boolean, bounds: object = {}): Promise<Store> =>
    openStore({
      ...{ root, repo, local: false, cwd: parent, env: {}, index, threads: 1 },
      bounds: { minIndexedBytes: 0, ...bounds },
    });
  const [store, parsing] = [await open(true), await open(true, { maxScannedBytes: 0 })];
  const plain = await open(false);
  await store.index();
  const path = indexPath(directory, segment);
  const sound = await readFile(path);
  const expected = new Map<IndexQuestion, string>();
  for (const question of indexQuestions) expected.set(question, (await indexAnswer(plain, question)).text);

  const ask: IndexSubject["ask"] = async (bytes, question, by = store) => {
    await writeFile(path, bytes);
    const { text, strategy } = await indexAnswer(by, question);
    return { isSame: text === expected.get(question), ...(strategy === undefined ? {} : { strategy }) };
  };
  const isDetected = async (bytes: Buffer): Promise<boolean> => {
    await writeFile(path, bytes);
    return detect(store);
  };
  const judge = async ({ bytes }: Damage, random: Random): Promise<DamageFindings> => {
    const texts: string[] = [];
    const met: string[] = [];
    for (const question of indexQuestions) {
      const isParsed = question === "search" && random.below(scannedOneIn) > 0;
      const { isSame, strategy } = await ask(bytes, question, isParsed ? parsing : store);
      if (!isSame) texts.push(`R11: the answer to ${question} is another`);
      // What it needed of the index is under checksums of its own, and was sound.
      if (strategy?.startsWith("index")) met.push("usedDamaged");
      const left = await readFile(path);
      if (left.equals(sound)) met.push("builtAnew");
      else if (!left.equals(bytes)) texts.push(`${question} leaves an index that is neither`);
    }
    return { lost: 0, dup: 0, texts, detection: (await isDetected(bytes)) ? "told" : "overlooked", met };
  };
  return { bytes: sound, ask, isDetected, judge };
}
