import type { FileSystem } from "@prodigy-events/storage";
import { type DiskNode, DiskTree, rootInode } from "./disk-tree.js";
import { simulatedFileSystem } from "./simulated-file-system.js";

/** A simulated disk that holds these files and nothing else, by absolute path. */
export function diskWith(files: Readonly<Record<string, Buffer>>): FileSystem {
  const tree = new DiskTree();
  let inode = rootInode;
  const add = (node: DiskNode): number => {
    inode += 1;
    tree.nodes.set(inode, node);
    return inode;
  };
  for (const [path, bytes] of Object.entries(files)) {
    const names = path.split("/").slice(1);
    const last = names.pop()!;
    let directory = rootInode;
    for (const name of names) {
      const known = tree.entries(directory)!.get(name);
      const child = known ?? add({ kind: "directory", entries: new Map(), createdAtMs: 0 });
      tree.entries(directory)!.set(name, child);
      directory = child;
    }
    tree.entries(directory)!.set(last, add({ kind: "file", bytes, createdAtMs: 0 }));
  }
  return simulatedFileSystem(tree).fs;
}
