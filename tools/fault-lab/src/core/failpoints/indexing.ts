import { appendFile, mkdir, readdir, unlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openStore, type Store } from "@prodigy-events/query";
import {
  compressSegment,
  type FileSystem,
  formatSegmentName,
  indexDirectoryName,
  jobDirectory,
  registerProducer,
} from "@prodigy-events/storage";
import { KnownLines } from "../known-lines.js";
import { same } from "../properties/property.js";
import { readBack, type Violations, violationsOf } from "../read-back.js";
import { deadIdentity, firstRecordMs, jobId, lineOf, quickFileSystem, repo } from "../test-records.js";
import type { FailpointScenario } from "./scenario.js";

const producerId = "indexed001";
const recordsEach = 60;
/** Small segments get indexes too. */
const bounds = { minIndexedBytes: 1, minIndexGrowthBytes: 1 };
/** Older than any temporary file of a living process. */
const longAgo = new Date(firstRecordMs);

/** Indexes are used only where the file system is the real one, and made wherever somebody asks for it. */
function open(root: string, options: { index?: boolean; fs?: FileSystem } = {}): Promise<Store> {
  return openStore({ root, repo, local: false, cwd: "/", env: {}, threads: 1, bounds, ...options });
}

/** What is asked of the store with whatever is left of the indexes, and again without. */
async function answers(root: string, index: boolean): Promise<unknown> {
  const store = await open(root, { index });
  const { groups, total, report } = await store.stats({ groupBy: ["event_type", "job_id"] });
  const { linesRead, records, malformed, torn, pending } = report;
  const selected: string[] = [];
  const question = {
    since: BigInt(firstRecordMs + recordsEach - 5) * 1_000_000n,
    until: BigInt(firstRecordMs + recordsEach + 5) * 1_000_000n,
  };
  for await (const { id } of store.query(question)) selected.push(id);
  return { groups, total, lines: [linesRead, records, malformed, torn, pending], selected };
}

/**
 * A plain segment without an index, a compressed one, and one that has grown since it was indexed; their indexes are
 * built, and that is interrupted.
 */
export const indexingScenario: FailpointScenario = {
  name: "index",
  prepare: async (root) => {
    const known = new KnownLines();
    const directory = jobDirectory(root, repo, jobId);
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await registerProducer(directory, deadIdentity(producerId), quickFileSystem);
    let first = 0;
    const next = (): string => {
      known.add(producerId, first, recordsEach);
      const lines = Array.from({ length: recordsEach }, (_, at) => lineOf(producerId, first + at));
      first += recordsEach;
      return lines.join("");
    };
    const name = (): string => join(directory, formatSegmentName(firstRecordMs + first, producerId));
    const plain = `${name()}.rotated`;
    await writeFile(plain, next(), { mode: 0o600 });
    const compressed = name();
    await writeFile(compressed, next(), { mode: 0o600 });
    await compressSegment(compressed, `${compressed}.rotated.gz`, { fs: quickFileSystem });
    await unlink(compressed);
    const grown = name();
    await writeFile(grown, next(), { mode: 0o600 });
    await (await open(root)).index();
    await unlink(
      join(directory, indexDirectoryName, `${plain.slice(directory.length + 1, -".rotated".length)}.idx`),
    );
    await appendFile(grown, next());
    return {
      run: async (fs) => (await open(root, { fs })).index(),
      check: async (hasCrashed): Promise<Violations> => {
        const { lost, dup, texts } = violationsOf(await readBack({ root }), {
          required: known.all,
          isKnown: (line) => known.isKnown(line),
          identityOf: (line) => known.identityOf(line),
        });
        const found = [...texts];
        const note = (text: string): number => found.push(`R11: ${text}`);
        try {
          same(await answers(root, true), await answers(root, false), "with what is left of the indexes");
        } catch (error) {
          note(String(error));
        }
        const indexes = join(directory, indexDirectoryName);
        const names = await readdir(indexes);
        const leftovers = names.filter((each) => each.endsWith(".tmp"));
        if (leftovers.length > 0 && !hasCrashed) note("temporary files without a crash");
        for (const each of leftovers) await utimes(join(indexes, each), longAgo, longAgo);
        await (await open(root)).index();
        const { segments } = await (await open(root)).index({ check: true });
        const states = segments.map(({ state }) => state);
        if (states.length !== 3 || states.some((state) => state !== "fresh"))
          note(`then: ${states.join(", ")}`);
        if ((await readdir(indexes)).some((each) => each.endsWith(".tmp"))) note("temporary files stay");
        const { report } = await (await open(root)).stats();
        const isUsed = report.reads.every(({ strategy }) => strategy === "index");
        if (!isUsed) note(`read by ${report.reads.map(({ strategy }) => strategy).join(", ")}`);
        return { lost, dup, texts: found };
      },
    };
  },
};
