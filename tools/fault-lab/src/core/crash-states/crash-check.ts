import { basename, dirname } from "node:path";
import { gunzipSync } from "node:zlib";
import { listSegments, parseSegmentName, readManifest, verifyAgainstManifest } from "@prodigy-events/storage";
import { recoverDirectory } from "@prodigy-events/writer";
import type { Random } from "../random.js";
import { readBack, violationsOf } from "../read-back.js";
import { CrashModel } from "../simulation/crash-model.js";
import type { DiskTree } from "../simulation/disk-tree.js";
import { simulatedFileSystem } from "../simulation/simulated-file-system.js";
import { firstRecordMs } from "../test-records.js";
import { checkFollow } from "./follow-check.js";
import { type DeadProducers, letDie, type Trace } from "./trace.js";

/** What was found wrong with a crash state. */
export interface StateFindings {
  readonly lost: number;
  readonly dup: number;
  readonly texts: readonly string[];
}

const clock = { now: () => firstRecordMs + 1_000 };

/** Reasons for which recovery rightly leaves a segment as it is: its producer was interrupted within a line. */
const isTorn = (reason: string): boolean => /ends within a line|does not begin and end with/.test(reason);

/**
 * Reads a crash state as a fresh reader does, lets a fresh writer recover it, and reads again. `acknowledged` are the
 * lines that must be there; whatever else survived whole in a file must be read too.
 */
export async function checkWriterState(
  tree: DiskTree,
  trace: Trace,
  acknowledged: readonly string[],
  { random, dead }: { random: Random; dead: DeadProducers },
): Promise<StateFindings> {
  letDie(tree, dead);
  const texts: string[] = [];
  const required = new Set([...acknowledged, ...survivors(tree, trace, texts)]);
  const expected = {
    required,
    isKnown: (line: string) => trace.known.isKnown(line),
    identityOf: (line: string) => trace.known.identityOf(line),
  };
  const before = tree.copy();
  const disk = simulatedFileSystem(tree);
  const place = { root: trace.root, fs: disk.fs };
  const fresh = await readBack(place);
  const first = violationsOf(fresh, expected);
  texts.push(...first.texts.map((text) => `${text}, before recovery`));

  const report = await recoverDirectory(trace.directory, { fs: disk.fs, clock });
  for (const { path, reason } of report.left) {
    if (!isTorn(reason)) texts.push(`R6: recovery left ${path}: ${reason}`);
  }
  texts.push(...checkOrder(tree, trace, dead));
  if (random.chance(0.25)) texts.push(...(await checkManifests(trace.directory, disk.fs)));
  if (random.chance(0.02)) texts.push(...(await checkFollow(trace.root, fresh.lines, disk.fs)));
  if (disk.operations.length === 0) return { ...first, texts };

  const second = violationsOf(await readBack(place), expected);
  texts.push(...second.texts.map((text) => `${text}, after recovery`));
  const again = await recoverDirectory(trace.directory, { fs: disk.fs, clock });
  const repeated = [...again.sealed, ...again.plainRemoved, ...again.temporariesRemoved];
  if (repeated.length > 0) texts.push(`R6: a second recovery had to do ${repeated.join(" ")}`);

  if (random.chance(0.25)) {
    const model = new CrashModel(before);
    for (const operation of disk.operations.slice(0, random.below(disk.operations.length + 1)))
      model.apply(operation);
    const crashed = simulatedFileSystem(model.treeAfter(model.choose(random)));
    await recoverDirectory(trace.directory, { fs: crashed.fs, clock });
    const third = violationsOf(await readBack({ root: trace.root, fs: crashed.fs }), expected);
    texts.push(...third.texts.map((text) => `${text}, after a crash of the recovery`));
  }
  return { lost: Math.max(first.lost, second.lost), dup: Math.max(first.dup, second.dup), texts };
}

/** The known lines that are whole in any file of the job's directory; says so when a file cannot be inflated. */
function survivors(tree: DiskTree, trace: Trace, texts: string[]): string[] {
  const lines: string[] = [];
  for (const { path, bytes } of tree.files()) {
    if (dirname(path) !== trace.directory || parseSegmentName(basename(path)) === undefined) continue;
    let content = bytes;
    if (path.endsWith(".gz")) {
      try {
        content = gunzipSync(bytes);
      } catch (error) {
        texts.push(`R6: ${basename(path)} of ${bytes.length} B does not inflate: ${String(error)}`);
      }
    }
    const whole = content.toString("utf8").split("\n").slice(0, -1);
    lines.push(...whole.filter((line) => trace.known.isKnown(line)));
  }
  return lines;
}

/** After a recovery there is one file for each segment of a dead producer, and no temporary one. */
function checkOrder(tree: DiskTree, trace: Trace, dead: DeadProducers): string[] {
  const files = [...tree.files()];
  const isDead = (producerId: string): boolean =>
    files.some(({ path, bytes }) => dead.get(path) === bytes && path.endsWith(`/${producerId}.json`));
  const states = new Map<string, number>();
  const texts: string[] = [];
  for (const { path } of files) {
    const name = basename(path);
    const own = parseSegmentName(
      name.startsWith(".") ? name.slice(1).replace(/\.[0-9a-f]{12}\.tmp$/, "") : name,
    );
    if (own?.producerId === undefined || !isDead(own.producerId) || !path.startsWith(trace.directory))
      continue;
    if (name.endsWith(".tmp")) texts.push(`R6: ${name} is left after recovery`);
    else states.set(own.logicalName, (states.get(own.logicalName) ?? 0) + 1);
  }
  for (const [name, count] of states)
    if (count > 1) texts.push(`R6: ${count} files of ${name} after recovery`);
  return texts;
}

/** Every segment that has a manifest is what the manifest says. */
export async function checkManifests(
  directory: string,
  fs: ReturnType<typeof simulatedFileSystem>["fs"],
): Promise<string[]> {
  const texts: string[] = [];
  for (const { path, logicalName } of await listSegments(directory, fs)) {
    const manifest = await readManifest(directory, logicalName, fs).catch((error: Error) => error);
    if (manifest instanceof Error) texts.push(`R6: ${manifest.message}`);
    else if (manifest !== undefined) {
      const { intact, mismatches } = await verifyAgainstManifest(path, manifest, fs);
      if (!intact)
        texts.push(`R6: ${basename(path)} is not what its manifest says: ${mismatches[0]?.message}`);
    }
  }
  return texts;
}
