import { readdirSync, unlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { createEventLogger } from "@prodigy-events/logger";
import { type Finding, openStore } from "@prodigy-events/query";
import { anEvent } from "@prodigy-events/schema/testing";
import {
  compressSegment,
  jobDirectory,
  listMembers,
  type Member,
  manifestPath,
} from "@prodigy-events/storage";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import { expect } from "vitest";
import { type MemoryDisk, memoryDisk } from "./memory-disk.js";

/** Content of the segment of which every bit is damaged: a few lines, unless a longer run asks for more. */
const segmentBytes = Number(process.env.PRODIGY_FLIP_BYTES ?? 1_000);
const ordinaryLineBytes = 350;

/** For as many cases as it takes: 20,480 bytes are a quarter of a million. */
export const timeoutMs = 3_600_000;

/** A directory with one sealed segment, as the logger wrote it, in memory. */
export interface Scene {
  readonly disk: MemoryDisk;
  readonly directory: string;
  readonly segment: string;
  readonly manifest: string;
  /** The lines that were written, with their line ends. */
  readonly lines: readonly string[];
}

/** The segment of a logger that has ended, as it left it. */
export async function plainScene(): Promise<Scene> {
  const { path: store } = await temporaryDirectory();
  const logger = await createEventLogger({ store, repo: "repo", jobId: "job-1", env: {} });
  for (let at = 0; at * ordinaryLineBytes < segmentBytes; at++)
    logger.log({ ...anEvent("agent_progress"), job_id: "job-1", step: `stép ${at}` });
  await logger.shutdown();
  const directory = jobDirectory(store, "repo", "job-1");
  const name = readdirSync(directory).find((each) => each.endsWith(".jsonl")) as string;
  const disk = memoryDisk(directory);
  const segment = join(directory, name);
  const lines = (disk.files.get(segment) as Buffer).toString().match(/.*\n/g) as string[];
  return { disk, directory, segment, manifest: manifestPath(directory, name), lines };
}

/** The same segment, compressed as the writer does it, but in several members. */
export async function compressedScene(): Promise<Scene & { readonly members: readonly Member[] }> {
  const { directory, segment, manifest, lines } = await plainScene();
  const gz = `${segment}.rotated.gz`;
  await compressSegment(segment, gz, {
    memberBytes: Math.ceil(Math.max(2.5 * ordinaryLineBytes, segmentBytes / 4)),
  });
  unlinkSync(segment);
  const members = (await listMembers(gz)) as Member[];
  return { disk: memoryDisk(directory), directory, segment: gz, manifest, lines, members };
}

/** What `verify --deep` says about a file, and which lines a query gives, each with its line end. */
export async function look({ disk, directory }: Scene, file: string, isBackward: boolean) {
  const store = await openStore({ files: [directory], fs: disk.fs });
  const { findings, totals } = await store.verify({ deep: true });
  expect(totals.lines).toBe(totals.records + totals.malformed + totals.torn + totals.pending);
  const stream = store.query(isBackward ? { limit: 1_000_000 } : {});
  const lines: string[] = [];
  for await (const batch of stream.batches()) for (const match of batch) lines.push(`${match.line}\n`);
  const { linesRead, records, malformed, torn, pending } = stream.report;
  expect(linesRead).toBe(records + malformed + torn + pending);
  const isAbout = (finding: Finding) =>
    finding.path === file ||
    (finding.kind === "missing_segment" && basename(file).startsWith(basename(finding.path)));
  const isFound = findings.some((finding) => finding.severity === "damage" && isAbout(finding));
  return { isFound, lines };
}

/** Fails unless `got` has each of the lines that were not hit, once, and nothing made up. */
export function expectOthersUntouched(
  got: readonly string[],
  lines: readonly string[],
  isHit: (index: number) => boolean,
) {
  const given = new Set(got);
  if (given.size !== got.length) throw new Error("a line was given twice");
  const lost = lines.filter((line, index) => !isHit(index) && !given.has(line));
  if (lost.length > 0) throw new Error(`lost: ${lost.join("")}`);
  const written = new Set(lines);
  const altered = got.filter((line) => !written.has(line));
  const hits = lines.filter((_, index) => isHit(index)).length;
  if (altered.length > hits) throw new Error(`made up: ${altered.join("")}`);
}

/** Runs `examine` with every bit of a file flipped in turn, and with the file cut off at every length. */
export async function damageEverywhere(
  { disk }: Scene,
  file: string,
  examine: (damage: string, at: number, isCut: boolean) => Promise<void>,
): Promise<void> {
  const whole = disk.files.get(file) as Buffer;
  const examineAs = async (damage: string, at: number, isCut: boolean) => {
    try {
      await examine(damage, at, isCut);
    } catch (error) {
      throw new Error(`${damage}: ${error instanceof Error ? error.message : error}`, { cause: error });
    }
  };
  try {
    const bytes = Buffer.from(whole);
    disk.files.set(file, bytes);
    for (let bit = 0; bit < 8 * whole.length; bit++) {
      const at = bit >> 3;
      bytes[at] = (whole[at] as number) ^ (1 << (bit & 7));
      await examineAs(`bit ${bit & 7} of byte ${at} flipped`, at, false);
      bytes[at] = whole[at] as number;
    }
    for (let length = 0; length < whole.length; length++) {
      disk.files.set(file, whole.subarray(0, length));
      await examineAs(`cut off at ${length}`, length, true);
    }
  } finally {
    disk.files.set(file, whole);
  }
}

/** Byte offset at which each line ends. */
export function endsOf(lines: readonly string[]): number[] {
  let end = 0;
  return lines.map((line) => {
    end += Buffer.byteLength(line);
    return end;
  });
}
