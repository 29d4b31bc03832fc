import { basename, dirname, join } from "node:path";
import { type Segment, storePlaceOf } from "@prodigy-events/storage";

/**
 * Where the segments of each directory go below `to`: to the same repository and job; those of a directory that is in no
 * store, or whose place is taken by another one, to `files/NAME`, with a number if need be.
 */
export function targetDirectories(directories: readonly string[], to: string): Map<string, string> {
  const taken = new Set<string>();
  const targets = new Map<string, string>();
  for (const directory of directories) {
    const job = basename(directory);
    const repo = dirname(directory);
    const inStore = join(to, basename(dirname(repo)), basename(repo), job);
    let target = storePlaceOf(directory) === undefined ? join(to, "files", job) : inStore;
    for (let number = 2; taken.has(target); number++) target = join(to, "files", `${job}-${number}`);
    taken.add(target);
    targets.set(directory, target);
  }
  return targets;
}

/**
 * What the copy of a segment is called. A whole one is closed by its manifest; one that is not, by its name. Copies are
 * never compressed, and say so, unless that name belongs to another file.
 *
 * @param taken names in the target directory
 */
export function targetName(
  { kind, logicalName }: Pick<Segment, "kind" | "logicalName">,
  isWhole: boolean,
  taken: ReadonlySet<string>,
): string {
  if (kind === "own") return isWhole ? logicalName : `${logicalName}.rotated`;
  const plain = logicalName.replace(/(?:\.gz|\.zst)+$/, "");
  return taken.has(plain) ? logicalName : plain;
}

/** The file for records in `logicalName` that are not its producer's: anybody's, by its name. */
export function strayName(logicalName: string): string {
  return `stray-${logicalName}`;
}
