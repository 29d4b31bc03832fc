import { registerProducer } from "@prodigy-events/storage";
import type { KnownLines } from "../known-lines.js";
import { CrashModel } from "../simulation/crash-model.js";
import type { DiskOperation } from "../simulation/disk-operation.js";
import type { DiskTree } from "../simulation/disk-tree.js";
import { simulatedFileSystem } from "../simulation/simulated-file-system.js";
import { deadIdentity } from "../test-records.js";

/** Lines, without line ends, that were acknowledged when so many operations had taken effect. */
export interface Acknowledgement {
  readonly afterOperations: number;
  readonly lines: readonly string[];
}

/** What a run did to a simulated disk, operation by operation. */
export interface Trace {
  /** What produced it, in words: with the seed, enough to produce it again. */
  readonly title: string;
  readonly root: string;
  /** The job's directory. */
  readonly directory: string;
  /** The disk before, all of it durable. */
  readonly initial: DiskTree;
  readonly operations: readonly DiskOperation[];
  readonly known: KnownLines;
  readonly acknowledgements: readonly Acknowledgement[];
  /** Whether what was acknowledged survives a power cut, or only the end of the process. */
  readonly isDurable: boolean;
}

/** The producer files of a directory, each with the content that says that the producer is dead. */
export type DeadProducers = ReadonlyMap<string, Buffer>;

/** The content of producer files, by path, after the deaths of the producers. */
export async function deadProducers(
  directory: string,
  producerIds: readonly string[],
): Promise<DeadProducers> {
  const { fs, tree } = simulatedFileSystem();
  for (const id of producerIds) await registerProducer(directory, deadIdentity(id), fs);
  return new Map([...tree.files()].map(({ path, bytes }) => [path, bytes]));
}

/**
 * Lets the producers of a tree die: producer files that survived whole name a process that is gone. Those torn by the
 * crash stay as they are, and prove nothing.
 */
export function letDie(tree: DiskTree, dead: DeadProducers): void {
  for (const { path, inode, bytes } of tree.files()) {
    const node = tree.nodes.get(inode);
    const content = dead.get(path);
    if (content !== undefined && node?.kind === "file" && bytes.at(-1) === 0x0a) node.bytes = content;
  }
}

/** A disk on which everything that `tree` holds is durable and belongs to processes that are gone. */
export function afterwards(
  tree: DiskTree,
  operations: readonly DiskOperation[],
  dead: DeadProducers,
): DiskTree {
  const model = new CrashModel(tree);
  for (const operation of operations) model.apply(operation);
  const settled = model.treeAfter(model.keepAll());
  letDie(settled, dead);
  return settled;
}
