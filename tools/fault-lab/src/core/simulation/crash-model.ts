import type { Random } from "../random.js";
import { type DiskOperation, describeOperation, entriesOf, type NameOperation } from "./disk-operation.js";
import { DiskTree } from "./disk-tree.js";
import { overwritten, resized } from "./simulated-file-system.js";

type DataOperation = Extract<DiskOperation, { readonly kind: "write" | "truncate" }>;

/** What a crash leaves of the changes that were not made durable. */
export interface CrashChoice {
  /** Changes of names, by their place among the pending ones, that are on the disk; what they rest on included. */
  readonly names: ReadonlySet<number>;
  /** For each file with pending data, how many of the bytes written to it arrived, and how many NULs follow. */
  readonly data: ReadonlyMap<number, { readonly bytes: number; readonly nuls: number }>;
}

/**
 * What may be on a disk after a power cut. Of a file, what was synced is there, and of what was written since, any
 * prefix, with or without NULs up to the length it had. Of the changes of names since a directory's fsync, any subset
 * is there, except that a change rests on the earlier ones of the same entries.
 */
export class CrashModel {
  readonly #durable = new DiskTree();
  readonly #data = new Map<number, DataOperation[]>();
  #names: NameOperation[] = [];

  /** The disk at the beginning, all of it durable. */
  constructor(initial: DiskTree) {
    for (const [inode, node] of initial.copy().nodes) this.#durable.nodes.set(inode, node);
  }

  /** Takes note of the next operation. */
  apply(operation: DiskOperation): void {
    if (operation.kind === "sync") this.#sync(operation.inode);
    else if (operation.kind === "write" || operation.kind === "truncate") {
      const pending = this.#data.get(operation.inode);
      if (pending === undefined) this.#data.set(operation.inode, [operation]);
      else pending.push(operation);
    } else {
      if (operation.kind === "create") this.#addNode(operation);
      this.#names.push(operation);
    }
  }

  /** Everything arrived: what the end of a process leaves. */
  keepAll(): CrashChoice {
    const data = [...this.#data.keys()].map((inode) => [inode, { bytes: Infinity, nuls: 0 }] as const);
    return { names: new Set(this.#names.keys()), data: new Map(data) };
  }

  /** Nothing arrived but what was synced. */
  keepNothing(): CrashChoice {
    const data = [...this.#data.keys()].map((inode) => [inode, { bytes: 0, nuls: 0 }] as const);
    return { names: new Set(), data: new Map(data) };
  }

  /** Something in between. */
  choose(random: Random): CrashChoice {
    const likelihood = random.next();
    const wanted = [...this.#names.keys()].filter(() => random.chance(likelihood));
    const data = [...this.#data.keys()].map((inode) => [inode, this.#chooseData(inode, random)] as const);
    return { names: this.#withFoundations(wanted), data: new Map(data) };
  }

  /** The disk that a choice leaves. */
  treeAfter({ names, data }: CrashChoice): DiskTree {
    const tree = this.#durable.copy();
    for (const [index, operation] of this.#names.entries()) if (names.has(index)) tree.apply(operation);
    for (const [inode, { bytes, nuls }] of data) {
      const node = tree.nodes.get(inode);
      if (node?.kind !== "file") continue;
      const reached = this.#withData(node.bytes, inode, bytes);
      node.bytes = nuls === 0 ? reached : resized(reached, reached.length + nuls);
    }
    return tree;
  }

  /** Choices that are one step nearer to {@link keepAll}, for shrinking a failure. */
  *simpler({ names, data }: CrashChoice): Generator<CrashChoice> {
    for (const [index] of this.#names.entries()) {
      if (!names.has(index)) yield { names: this.#withFoundations([...names, index]), data };
    }
    for (const [inode, { bytes, nuls }] of data) {
      if (bytes < this.#pendingBytes(inode) || nuls > 0) {
        yield { names, data: new Map(data).set(inode, { bytes: Infinity, nuls: 0 }) };
      }
      if (nuls > 0) yield { names, data: new Map(data).set(inode, { bytes, nuls: 0 }) };
    }
  }

  /** What is missing after a crash, in words. */
  describe({ names, data }: CrashChoice): string {
    const lost = [...this.#names.entries()].filter(([index]) => !names.has(index));
    const parts = lost.map(([, operation]) => `without ${describeOperation(operation)}`);
    for (const [inode, { bytes, nuls }] of data) {
      const all = this.#pendingBytes(inode);
      if (bytes < all || nuls > 0)
        parts.push(`inode ${inode} with ${Math.min(bytes, all)} of ${all} B and ${nuls} NULs`);
    }
    return parts.length === 0 ? "everything arrived" : parts.join(", ");
  }

  #addNode({ inode, what }: Extract<DiskOperation, { kind: "create" }>): void {
    const createdAtMs = 0;
    const file = { kind: "file" as const, bytes: Buffer.alloc(0), createdAtMs };
    this.#durable.nodes.set(inode, what === "file" ? file : { kind: what, entries: new Map(), createdAtMs });
  }

  #sync(inode: number): void {
    const node = this.#durable.nodes.get(inode);
    if (node?.kind === "file") {
      node.bytes = this.#withData(node.bytes, inode, Infinity);
      this.#data.delete(inode);
      return;
    }
    const touching = [...this.#names.entries()].filter(([, operation]) =>
      directoriesOf(operation).includes(inode),
    );
    const kept = this.#withFoundations(touching.map(([index]) => index));
    for (const index of [...kept].sort((a, b) => a - b)) this.#durable.apply(this.#names[index]!);
    this.#names = this.#names.filter((_, index) => !kept.has(index));
  }

  /** The wanted changes with all the earlier ones of the same entries, and what those rest on. */
  #withFoundations(wanted: Iterable<number>): Set<number> {
    const kept = new Set(wanted);
    const entries = new Set<string>();
    for (let index = this.#names.length - 1; index >= 0; index -= 1) {
      const own = entriesOf(this.#names[index]!);
      if (!kept.has(index) && !own.some((entry) => entries.has(entry))) continue;
      kept.add(index);
      for (const entry of own) entries.add(entry);
    }
    return kept;
  }

  #pendingBytes(inode: number): number {
    const pending = this.#data.get(inode) ?? [];
    return pending.reduce((sum, each) => sum + (each.kind === "write" ? each.bytes.length : 0), 0);
  }

  #chooseData(inode: number, random: Random): { bytes: number; nuls: number } {
    const all = this.#pendingBytes(inode);
    const bytes = random.pick([0, all, random.below(all + 1), random.below(all + 1)]);
    return {
      bytes,
      nuls: random.chance(0.3) ? random.pick([all - bytes, random.below(all - bytes + 1)]) : 0,
    };
  }

  /** The durable bytes and the first `limit` of those written since, in the order of writing. */
  #withData(durable: Buffer, inode: number, limit: number): Buffer {
    let bytes = durable;
    let left = limit;
    for (const operation of this.#data.get(inode) ?? []) {
      if (left <= 0) break;
      if (operation.kind === "truncate") bytes = resized(bytes, operation.bytes);
      else bytes = overwritten(bytes, operation.offset, operation.bytes.subarray(0, left));
      left -= operation.kind === "write" ? operation.bytes.length : 0;
    }
    return bytes;
  }
}

function directoriesOf(operation: NameOperation): number[] {
  return operation.kind === "rename" ? [operation.directory, operation.toDirectory] : [operation.directory];
}
