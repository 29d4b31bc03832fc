import {
  ChecksumAccumulator,
  compressSegment,
  type FileSystem,
  formatSegmentName,
  jobDirectory,
  listMembers,
  type Manifest,
  manifestPath,
  registerProducer,
  writeFileDurably,
  writeManifest,
} from "@prodigy-events/storage";
import type { DiskTree } from "../simulation/disk-tree.js";
import { simulatedFileSystem } from "../simulation/simulated-file-system.js";
import { deadIdentity, firstRecordMs, jobId, repo } from "../test-records.js";
import { producerId, segmentLines } from "./segment-lines.js";

/** Lines that one damage may reach, and the bytes of the file that hold them. */
export interface Extent {
  readonly start: number;
  readonly end: number;
  /** Without line ends. */
  readonly lines: readonly string[];
}

/** Which file of a sealed segment is damaged on the simulated disk. */
export type SimulatedFile = "segment" | "gz" | "manifest";

/** A sealed segment on a simulated disk, of which one file is to be damaged. */
export interface DamageFixture {
  readonly name: SimulatedFile;
  readonly root: string;
  /** The logical segment, and the file that holds its records. */
  readonly segment: string;
  readonly segmentPath: string;
  /** The content of the file that is damaged. */
  readonly bytes: Buffer;
  /** All lines, without line ends. */
  readonly lines: readonly string[];
  /** Of the damaged file, in order and without gaps; none for a file that holds no records. */
  readonly extents: readonly Extent[];
  /** The one disk of this fixture, with these bytes in the damaged file from now on. */
  damaged(bytes: Buffer): FileSystem;
}

const root = "/store";
/** Small members, so that a damaged one is far from all of the file. */
const memberBytes = 4_096;

/** A 20 KiB segment, plain or compressed, with its manifest. */
export async function damageFixture(name: SimulatedFile): Promise<DamageFixture> {
  const { fs, tree } = simulatedFileSystem();
  const directory = jobDirectory(root, repo, jobId);
  await fs.mkdir(root, 0o700);
  await registerProducer(directory, deadIdentity(producerId), fs);
  const segment = formatSegmentName(firstRecordMs, producerId);
  const lines = segmentLines();
  const content = Buffer.from(lines.join(""));
  const rotated = `${directory}/${segment}.rotated`;
  await writeFileDurably(rotated, content, fs);
  await writeManifest(directory, manifestOf(segment, content, lines.length), fs);
  if (name === "gz") {
    await compressSegment(rotated, `${rotated}.gz`, { memberBytes, fs });
    await fs.unlink(rotated);
  }
  const segmentPath = name === "gz" ? `${rotated}.gz` : rotated;
  const target = name === "manifest" ? manifestPath(directory, segment) : segmentPath;
  const damagedFile = fileAt(tree, target);
  return {
    ...{ name, root, segment, segmentPath },
    bytes: damagedFile.bytes,
    lines: lines.map((line) => line.slice(0, -1)),
    extents: await extentsOf(name, segmentPath, lines, fs),
    damaged: (bytes) => {
      damagedFile.bytes = bytes;
      return fs;
    },
  };
}

function fileAt(tree: DiskTree, path: string): { bytes: Buffer } {
  const node = tree.nodes.get(tree.find(path) ?? -1);
  if (node?.kind !== "file") throw new Error(`there is no file ${path}`);
  return node;
}

function manifestOf(segment: string, content: Buffer, count: number): Manifest {
  const sums = new ChecksumAccumulator();
  sums.update(content);
  const at = new Date(firstRecordMs).toISOString();
  const numbers = { firstSequence: 0, lastSequence: count - 1 };
  return { version: 1, segment, producerId, ...sums.finish(), ...numbers, createdAt: at, closedAt: at };
}

async function extentsOf(
  name: SimulatedFile,
  path: string,
  lines: readonly string[],
  fs: FileSystem,
): Promise<Extent[]> {
  if (name === "manifest") return [];
  const left = [...lines];
  const take = (logicalBytes: number): string[] => {
    const taken: string[] = [];
    for (let size = 0; size < logicalBytes && left.length > 0; ) {
      const line = left.shift()!;
      size += Buffer.byteLength(line);
      taken.push(line.slice(0, -1));
    }
    return taken;
  };
  if (name === "gz") {
    const members = (await listMembers(path, fs)) ?? [];
    return members.map(({ offset, compressedBytes, logicalBytes }) => {
      return { start: offset, end: offset + compressedBytes, lines: take(logicalBytes) };
    });
  }
  let start = 0;
  return lines.map((line) => {
    const end = start + Buffer.byteLength(line);
    const extent = { start, end, lines: [line.slice(0, -1)] };
    start = end;
    return extent;
  });
}
