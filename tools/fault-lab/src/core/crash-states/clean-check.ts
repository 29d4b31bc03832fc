import { archiveDirectory, type FileSystem } from "@prodigy-events/storage";
import { readBack, type Violations, violationsOf } from "../read-back.js";
import type { DiskTree } from "../simulation/disk-tree.js";
import { simulatedFileSystem } from "../simulation/simulated-file-system.js";
import { brokenManifests } from "../store-scene.js";
import { type CleanTrace, clean } from "./clean-trace.js";

/** The lines in the store, and those in the archive, with what is wrong with the readings themselves. */
async function whereLinesAre(trace: CleanTrace, fs: FileSystem) {
  const { known } = trace;
  const expectation = {
    isKnown: (line: string) => known.isKnown(line),
    identityOf: (line: string) => known.identityOf(line),
  };
  const live = await readBack({ root: trace.root, fs });
  const archived = await readBack({ root: trace.root, files: [archiveDirectory(trace.root)], fs }).catch(
    (error: Error & { code?: string }) => {
      if (error.code !== "NOT_FOUND") throw error;
    },
  );
  return {
    live: violationsOf(live, { ...expectation, required: trace.kept }),
    archive: archived === undefined ? undefined : violationsOf(archived, { ...expectation, required: [] }),
    liveLines: live.lines,
    archivedLines: archived?.lines ?? [],
  };
}

/**
 * R7 in a crash state of a clean: nothing is lost, what stays is in the store; and after the next clean, every line is
 * in exactly one place.
 */
export async function checkCleanState(tree: DiskTree, trace: CleanTrace): Promise<Violations> {
  const { fs } = simulatedFileSystem(tree);
  const all = trace.known.all;
  const before = await whereLinesAre(trace, fs);
  const texts = [...before.live.texts, ...(before.archive?.texts ?? [])].map(
    (text) => `${text}, before the next clean`,
  );
  const anywhere = new Set([...before.liveLines, ...before.archivedLines]);
  const lost = all.filter((line) => !anywhere.has(line)).length;
  if (lost > 0) texts.push(`R7: ${lost} lines are neither in the store nor in the archive`);

  const report = await clean(fs, trace.policy);
  if (!report.complete) {
    const failed = report.outcomes.find(({ status }) => status !== "done");
    texts.push(`R7: the next clean is not complete: ${JSON.stringify(failed)}`);
  }
  const after = await whereLinesAre(trace, fs);
  texts.push(
    ...[...after.live.texts, ...(after.archive?.texts ?? [])].map((text) => `${text}, after the next clean`),
  );
  const places = [...after.liveLines, ...after.archivedLines].sort();
  if (places.join("\n") !== [...all].sort().join("\n")) {
    texts.push(`R7: ${all.length} lines, of which ${places.length} are in a place after the next clean`);
  }
  if (after.liveLines.length !== trace.kept.length) {
    texts.push(`R7: ${after.liveLines.length} lines stay, not ${trace.kept.length}`);
  }
  texts.push(...(await brokenManifests(trace.directory, fs)));
  return { lost: Math.max(lost, before.live.lost, after.live.lost), dup: after.live.dup, texts };
}
