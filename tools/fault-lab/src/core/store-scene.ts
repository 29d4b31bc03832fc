import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import {
  type FileSystem,
  hasManifest,
  listSegments,
  type Manifest,
  parseSegmentName,
  readManifest,
  readProducer,
  verifyAgainstManifest,
} from "@prodigy-events/storage";
import { recoverDirectory } from "@prodigy-events/writer";
import type { KnownLines } from "./known-lines.js";
import { type ReadBack, readBack, type Violations, violationsOf } from "./read-back.js";
import { firstRecordMs } from "./test-records.js";

/** A store after a crash, to be judged. */
export interface StoreScene {
  readonly root: string;
  /** The job's directory. */
  readonly directory: string;
  readonly fs: FileSystem;
  readonly known: KnownLines;
  /** Every file below the root. */
  files(): Iterable<{ readonly path: string; readonly bytes: Buffer }>;
}

/** What a judgement found, and what there was to read. */
export interface Judgement extends Violations {
  readonly fresh: ReadBack;
  /** Whether the recovery found anything to do. */
  readonly wasRecovered: boolean;
}

const clock = { now: () => firstRecordMs + 1_000 };

/** Reasons for which recovery rightly leaves a segment as it is: its producer was interrupted within a line. */
const isTorn = (reason: string): boolean => /ends within a line|does not begin and end with/.test(reason);

/**
 * R1 to R6: reads a store as a fresh reader does, lets a fresh writer recover it, reads again, and lets it recover
 * again, which must find nothing to do. `acknowledged` are the lines that must be there; whatever else survived whole
 * in a file must be read too.
 */
export async function judgeRecovery(
  scene: StoreScene,
  acknowledged: Iterable<string>,
  { withManifests = true, compress = true }: { withManifests?: boolean; compress?: boolean } = {},
): Promise<Judgement> {
  const { fs, root, directory, known } = scene;
  const recover = () => recoverDirectory(directory, { fs, clock, compress });
  const texts: string[] = [];
  const required = new Set([...acknowledged, ...survivors(scene, texts)]);
  const expected = {
    required,
    isKnown: (line: string) => known.isKnown(line),
    identityOf: (line: string) => known.identityOf(line),
  };
  const fresh = await readBack({ root, fs });
  const before = violationsOf(fresh, expected);
  texts.push(...before.texts.map((text) => `${text}, before recovery`));

  const report = await recover();
  for (const { path, reason } of report.left) {
    if (!isTorn(reason)) texts.push(`R6: recovery left ${path}: ${reason}`);
  }
  texts.push(...(await disorder(scene, compress)));
  if (withManifests) texts.push(...(await brokenManifests(directory, fs)));
  const wasRecovered = amountDone(report) > 0;
  if (!wasRecovered) return { ...before, texts, fresh, wasRecovered };

  const after = violationsOf(await readBack({ root, fs }), expected);
  texts.push(...after.texts.map((text) => `${text}, after recovery`));
  if (amountDone(await recover()) > 0) {
    texts.push("R6: a second recovery found something to do");
  }
  const lost = Math.max(before.lost, after.lost);
  return { lost, dup: Math.max(before.dup, after.dup), texts, fresh, wasRecovered };
}

function amountDone(report: Awaited<ReturnType<typeof recoverDirectory>>): number {
  const { left: _, ...done } = report;
  return Object.values(done).reduce((sum, paths) => sum + paths.length, 0);
}

/** The known lines that are whole in any segment of the job; says so when one cannot be inflated. */
function survivors({ files, directory, known }: StoreScene, texts: string[]): string[] {
  const lines: string[] = [];
  for (const { path, bytes } of files()) {
    if (dirname(path) !== directory || parseSegmentName(basename(path)) === undefined) continue;
    const content = path.endsWith(".gz") ? inflated(bytes, basename(path), texts) : bytes;
    const whole = content.toString("utf8").split("\n").slice(0, -1);
    lines.push(...whole.filter((line) => known.isKnown(line)));
  }
  return lines;
}

function inflated(bytes: Buffer, name: string, texts: string[]): Buffer {
  try {
    return gunzipSync(bytes);
  } catch (error) {
    texts.push(`R6: ${name} of ${bytes.length} B does not inflate: ${String(error)}`);
    return Buffer.alloc(0);
  }
}

/**
 * After a recovery there is one file for each segment of a dead producer, compressed if it was rotated and that was
 * asked for, and no temporary one.
 */
async function disorder({ files, directory, fs }: StoreScene, compress: boolean): Promise<string[]> {
  const states = new Map<string, number>();
  const texts: string[] = [];
  const identified = new Map<string, boolean>();
  for (const { path } of files()) {
    const name = basename(path);
    const finalName = name.startsWith(".") ? name.slice(1).replace(/\.[0-9a-f]{12}\.tmp$/, "") : name;
    const own = parseSegmentName(finalName);
    if (own?.producerId === undefined || !path.startsWith(`${directory}/`)) continue;
    if (!identified.has(own.producerId)) {
      const identity = await readProducer(directory, own.producerId, fs).catch(() => undefined);
      identified.set(own.producerId, identity !== undefined);
    }
    // Of a producer whose file was torn, nobody knows whether it lives: everything stays as it is.
    if (!identified.get(own.producerId)) continue;
    if (name.endsWith(".tmp")) texts.push(`R6: ${name} is left after recovery`);
    else if (compress && own.state === "rotated" && (await hasManifest(directory, own.logicalName, fs))) {
      texts.push(`R6: ${name} is not compressed after recovery`);
    } else states.set(own.logicalName, (states.get(own.logicalName) ?? 0) + 1);
  }
  for (const [name, count] of states)
    if (count > 1) texts.push(`R6: ${count} files of ${name} after recovery`);
  return texts;
}

/** The segments of a directory that are not what their manifests say, in words. */
export async function brokenManifests(directory: string, fs: FileSystem): Promise<string[]> {
  const texts: string[] = [];
  for (const { path, logicalName } of await listSegments(directory, fs)) {
    const manifest: Manifest | Error | undefined = await readManifest(directory, logicalName, fs).catch(
      (error: Error) => error,
    );
    if (manifest instanceof Error) texts.push(`R6: ${manifest.message}`);
    else if (manifest !== undefined) {
      const { mismatches } = await verifyAgainstManifest(path, manifest, fs);
      if (mismatches.length > 0) {
        texts.push(`R6: ${basename(path)} is not what its manifest says: ${mismatches[0]?.message}`);
      }
    }
  }
  return texts;
}

/** Every file below a real directory. */
export function* filesBelow(directory: string): Generator<{ path: string; bytes: Buffer }> {
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) yield { path, bytes: readFileSync(path) };
  }
}
