import { chmod, mkdir, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { openStore } from "@prodigy-events/query";
import {
  applyRetention,
  gatherInventory,
  planRetention,
  type RetentionPolicy,
  restoreArchive,
  scopeOfStore,
} from "@prodigy-events/retention";
import {
  archiveDirectory,
  compressSegment,
  type FileSystem,
  formatSegmentName,
  jobDirectory,
  registerProducer,
  sharedSegmentName,
} from "@prodigy-events/storage";
import { recoverDirectory } from "@prodigy-events/writer";
import { KnownLines } from "../known-lines.js";
import { readBack, type Violations, violationsOf } from "../read-back.js";
import { brokenManifests } from "../store-scene.js";
import { deadIdentity, firstRecordMs, jobId, lineOf, quickFileSystem, repo } from "../test-records.js";
import type { FailpointScenario } from "./scenario.js";

/** An hour after the last record: everything is closed for long enough. */
const cleanAtMs = firstRecordMs + 3_600_000;
const clock = { now: () => cleanAtMs };
/** Records with smaller numbers go. */
const cut = 7;

async function clean(root: string, policy: RetentionPolicy, fs: FileSystem): Promise<boolean> {
  const store = await openStore({ root, repo, local: false, cwd: "/", env: {} });
  const inventory = await gatherInventory(await scopeOfStore(store), policy, { nowMs: cleanAtMs, fs });
  const plan = planRetention(inventory, policy, cleanAtMs);
  return (await applyRetention(plan, { fs, clock, breakLock: true })).complete;
}

/** A segment that goes whole, a compressed one and a shared file that are cut. */
async function fill(root: string, known: KnownLines): Promise<string> {
  const directory = jobDirectory(root, repo, jobId);
  await chmod(root, 0o700);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const write = async (path: string, producerId: string, first: number, count: number): Promise<string> => {
    known.add(producerId, first, count);
    const lines = Array.from({ length: count }, (_, index) => lineOf(producerId, first + index));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, lines.join(""), { mode: 0o600 });
    await utimes(path, firstRecordMs / 1_000, firstRecordMs / 1_000);
    return path;
  };
  const producerId = "cleaned001";
  await registerProducer(directory, deadIdentity(producerId), quickFileSystem);
  const name = (offset: number): string =>
    join(directory, formatSegmentName(firstRecordMs + offset, producerId));
  await write(`${name(0)}.rotated`, producerId, 0, 4);
  const compressed = await write(`${name(1)}`, producerId, 4, 6);
  await compressSegment(compressed, `${compressed}.rotated.gz`, { fs: quickFileSystem });
  await quickFileSystem.unlink(compressed);
  await utimes(`${compressed}.rotated.gz`, firstRecordMs / 1_000, firstRecordMs / 1_000);
  await write(join(directory, sharedSegmentName), "shared0001", 0, 10);
  await recoverDirectory(directory, { fs: quickFileSystem, clock: { now: () => firstRecordMs } });
  return directory;
}

async function linesOf(root: string, directory: string): Promise<readonly string[]> {
  const { lines } = await readBack({ root, files: [directory] }).catch((error: Error & { code?: string }) => {
    if (error.code !== "NOT_FOUND") throw error;
    return { lines: [] };
  });
  return lines;
}

/** R7: a clean with an archive is interrupted; the next one finishes it. */
export const cleaningScenario: FailpointScenario = {
  name: "clean",
  prepare: async (root) => {
    const known = new KnownLines();
    const directory = await fill(root, known);
    const archive = archiveDirectory(root);
    const policy = { olderThanMs: cleanAtMs - firstRecordMs - cut, archive: { directory: archive } };
    const kept = known.all.filter((line) => known.identityOf(line).sequence >= cut);
    return {
      run: (fs) => clean(root, policy, fs),
      check: async () => {
        const read = await readBack({ root });
        const { lost, dup, texts } = violationsOf(read, {
          required: kept,
          isKnown: (line) => known.isKnown(line),
          identityOf: (line) => known.identityOf(line),
        });
        const found = [...texts];
        const anywhere = new Set([...read.lines, ...(await linesOf(root, archive))]);
        const gone = known.all.filter((line) => !anywhere.has(line)).length;
        if (gone > 0) found.push(`R7: ${gone} lines are neither in the store nor in the archive`);
        if (!(await clean(root, policy, quickFileSystem))) found.push("R7: the next clean is not complete");
        const live = (await readBack({ root })).lines;
        const places = [...live, ...(await linesOf(root, archive))].sort();
        if (places.join() !== [...known.all].sort().join()) {
          found.push(`R7: ${known.all.length} lines, and ${places.length} after the next clean`);
        }
        if (live.length !== kept.length) found.push(`R7: ${live.length} lines stay, not ${kept.length}`);
        found.push(...(await brokenManifests(directory, quickFileSystem)));
        return { lost: lost + gone, dup, texts: found };
      },
    };
  },
};

/** The archive of a clean is restored, interrupted; the next restore finishes it. */
export const restoringScenario: FailpointScenario = {
  name: "restore",
  prepare: async (root) => {
    const known = new KnownLines();
    await fill(root, known);
    const archive = archiveDirectory(root);
    const policy = { olderThanMs: cleanAtMs - firstRecordMs - cut, archive: { directory: archive } };
    await clean(root, policy, quickFileSystem);
    const restore = (fs: FileSystem) => restoreArchive({ root, fs, clock, breakLock: true });
    return {
      run: restore,
      check: async (): Promise<Violations> => {
        await restore(quickFileSystem);
        return violationsOf(await readBack({ root }), {
          required: known.all,
          isKnown: (line) => known.isKnown(line),
          identityOf: (line) => known.identityOf(line),
        });
      },
    };
  },
};
