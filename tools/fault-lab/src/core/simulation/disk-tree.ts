import type { NameOperation } from "./disk-operation.js";

/** The inode of the root directory. */
export const rootInode = 1;

/** A file or directory. Bytes are never changed in place: a new buffer takes their place. */
export type DiskNode =
  | { readonly kind: "file"; bytes: Buffer; readonly createdAtMs: number }
  | { readonly kind: "directory"; readonly entries: Map<string, number>; readonly createdAtMs: number };

/** Everything on a simulated disk. */
export class DiskTree {
  readonly nodes = new Map<number, DiskNode>();

  constructor() {
    this.nodes.set(rootInode, { kind: "directory", entries: new Map(), createdAtMs: 0 });
  }

  /** A tree of its own with the same content. */
  copy(): DiskTree {
    const tree = new DiskTree();
    for (const [inode, node] of this.nodes) {
      tree.nodes.set(inode, node.kind === "file" ? { ...node } : { ...node, entries: new Map(node.entries) });
    }
    return tree;
  }

  entries(inode: number): Map<string, number> | undefined {
    const node = this.nodes.get(inode);
    return node?.kind === "directory" ? node.entries : undefined;
  }

  /** The inode at an absolute path; `undefined` where there is none. */
  find(path: string): number | undefined {
    let inode: number | undefined = rootInode;
    for (const name of path.split("/")) {
      if (name === "" || name === ".") continue;
      inode = inode === undefined ? undefined : this.entries(inode)?.get(name);
    }
    return inode;
  }

  /** Carries out an operation on names as far as it applies here: its directory may not have survived. */
  apply(operation: NameOperation): void {
    const entries = this.entries(operation.directory);
    switch (operation.kind) {
      case "create":
      case "link":
        entries?.set(operation.name, operation.inode);
        return;
      case "unlink":
        entries?.delete(operation.name);
        return;
      case "rename":
        entries?.delete(operation.name);
        this.entries(operation.toDirectory)?.set(operation.toName, operation.inode);
    }
  }

  /** Every file that can be reached, by path. */
  *files(inode = rootInode, path = ""): Generator<{ path: string; inode: number; bytes: Buffer }> {
    for (const [name, child] of this.entries(inode) ?? []) {
      const node = this.nodes.get(child);
      if (node?.kind === "file") yield { path: `${path}/${name}`, inode: child, bytes: node.bytes };
      else yield* this.files(child, `${path}/${name}`);
    }
  }
}
