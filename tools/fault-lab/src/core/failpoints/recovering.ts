import { copyFile, mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  compressSegment,
  formatSegmentName,
  jobDirectory,
  manifestPath,
  registerProducer,
} from "@prodigy-events/storage";
import { recoverDirectory } from "@prodigy-events/writer";
import { KnownLines } from "../known-lines.js";
import { filesBelow, judgeRecovery } from "../store-scene.js";
import { deadIdentity, firstRecordMs, jobId, lineOf, quickFileSystem, repo } from "../test-records.js";
import type { FailpointScenario } from "./scenario.js";

const producerId = "crashed001";
const recordsEach = 5;

/** A directory in which crashes left one segment before each step of its life; recovery is interrupted. */
export const recoveringScenario: FailpointScenario = {
  name: "recovery",
  prepare: async (root) => {
    const directory = jobDirectory(root, repo, jobId);
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await registerProducer(directory, deadIdentity(producerId), quickFileSystem);
    const known = new KnownLines();
    let first = 0;
    const segment = async (): Promise<string> => {
      const path = join(directory, formatSegmentName(firstRecordMs + first, producerId));
      known.add(producerId, first, recordsEach);
      const lines = Array.from({ length: recordsEach }, (_, index) => lineOf(producerId, first + index));
      await writeFile(path, lines.join(""));
      first += recordsEach;
      return path;
    };
    const stated = await segment();
    await segment(); // stated and renamed
    await segment(); // the newest one, for a while
    await recoverDirectory(directory, { fs: quickFileSystem });
    await rename(`${stated}.rotated`, stated);
    await segment(); // neither stated nor renamed
    const renamed = await segment();
    await rename(renamed, `${renamed}.rotated`);
    const both = await segment();
    await rename(both, `${both}.rotated`);
    await compressSegment(`${both}.rotated`, `${both}.rotated.gz`, { fs: quickFileSystem });
    const half = await segment();
    await copyFile(half, join(directory, `.${half.slice(directory.length + 1)}.rotated.gz.0123456789ab.tmp`));
    const named = await segment();
    await mkdir(join(directory, ".manifest"), { recursive: true, mode: 0o700 });
    const manifest = manifestPath(directory, named.slice(directory.length + 1));
    await writeFile(manifest.replace(/([^/]*)$/, ".$1.0123456789ab.tmp"), "{");
    await segment(); // the newest one
    const torn = await segment();
    await writeFile(torn, lineOf(producerId, first).slice(0, 30), { flag: "a" });
    return {
      run: (fs) => recoverDirectory(directory, { fs, compress: true }),
      check: () => {
        const scene = { root, directory, known, fs: quickFileSystem, files: () => filesBelow(root) };
        return judgeRecovery(scene, known.all);
      },
    };
  },
};
