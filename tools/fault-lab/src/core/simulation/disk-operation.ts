/** What changes a disk, or makes changes durable. Files and directories are named by their inode. */
export type DiskOperation =
  | {
      readonly kind: "create";
      readonly directory: number;
      readonly name: string;
      readonly inode: number;
      readonly what: "file" | "directory";
    }
  | { readonly kind: "write"; readonly inode: number; readonly offset: number; readonly bytes: Buffer }
  | { readonly kind: "truncate"; readonly inode: number; readonly bytes: number }
  | { readonly kind: "sync"; readonly inode: number }
  | { readonly kind: "link"; readonly directory: number; readonly name: string; readonly inode: number }
  | { readonly kind: "unlink"; readonly directory: number; readonly name: string; readonly inode: number }
  | {
      readonly kind: "rename";
      readonly directory: number;
      readonly name: string;
      readonly inode: number;
      readonly toDirectory: number;
      readonly toName: string;
    };

/** An operation on names: one that a directory's fsync makes durable. */
export type NameOperation = Extract<DiskOperation, { readonly name: string }>;

/** The directory entries that an operation touches, as keys that compare by text. */
export function entriesOf(operation: NameOperation): string[] {
  const own = entryKey(operation.directory, operation.name);
  return operation.kind === "rename" ? [own, entryKey(operation.toDirectory, operation.toName)] : [own];
}

/** The key of one directory entry. */
export function entryKey(directory: number, name: string): string {
  return `${directory}/${name}`;
}

/** An operation in a few words, for the trace of a failure. */
export function describeOperation(operation: DiskOperation): string {
  switch (operation.kind) {
    case "write":
      return `write ${operation.bytes.length} B to inode ${operation.inode} at ${operation.offset}`;
    case "truncate":
      return `truncate inode ${operation.inode} to ${operation.bytes} B`;
    case "sync":
      return `fsync inode ${operation.inode}`;
    case "rename":
      return `rename ${operation.name} to ${operation.toName}`;
    default:
      return `${operation.kind} ${operation.name}`;
  }
}
