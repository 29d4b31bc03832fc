import { limits } from "../limits.js";

/** What the values of the grouping fields of one group are; `null` for a field that its records do not have. */
export type GroupKey = readonly (string | number | boolean | null)[];

/** The records that share one key. */
export interface Group {
  readonly key: GroupKey;
  readonly count: number;
  /** Of all counted records, 0 to 1. */
  readonly share: number;
}

type Scalar = GroupKey[number];

/** One group while it is being counted. */
export interface GroupNode {
  count: number;
  readonly children: Map<Scalar, GroupNode>;
}

/** Counts by keys, in a tree of Maps: no value, whatever its text, can collide with a property of an object. */
export class GroupCounter {
  readonly #root: GroupNode = { count: 0, children: new Map() };
  #groups = 0;
  #other = 0;

  /** How many were counted. */
  get total(): number {
    return this.#root.count;
  }

  /** How many of them fell into groups beyond `limits.maxGroups`. */
  get other(): number {
    return this.#other;
  }

  add(key: GroupKey): void {
    this.count(this.group(key), 1);
  }

  /** The group of a key, to be counted in; `undefined` when there are as many groups as there may be. */
  group(key: GroupKey): GroupNode | undefined {
    let node = this.#root;
    for (const value of key) {
      let child = node.children.get(value);
      if (!child) {
        if (this.#groups >= limits.maxGroups) return undefined;
        this.#groups++;
        child = { count: 0, children: new Map() };
        node.children.set(value, child);
      }
      node = child;
    }
    return node;
  }

  /** Counts records of a group, or of one for which there was no room. */
  count(group: GroupNode | undefined, records: number): void {
    this.#root.count += records;
    if (!group) this.#other += records;
    else if (group !== this.#root) group.count += records;
  }

  /** Whether so many further groups, and groups of groups, are told apart. */
  hasRoomFor(groups: number): boolean {
    return this.#groups + groups <= limits.maxGroups;
  }

  /** The groups and their counts. */
  counted(): [key: GroupKey, count: number][] {
    const counted: [GroupKey, number][] = [];
    const collect = (node: GroupNode, key: GroupKey) => {
      if (node.count > 0) counted.push([key, node.count]);
      for (const [value, child] of node.children) collect(child, [...key, value]);
    };
    collect(this.#root.children.size > 0 ? { ...this.#root, count: 0 } : this.#root, []);
    return counted;
  }

  /** The groups, largest first, then by key; only the `top` first ones if that is given. */
  groups(top?: number): Group[] {
    const groups = this.counted().map(([key, count]): Group => ({ key, count, share: count / this.total }));
    groups.sort((a, b) => b.count - a.count || compareKeys(a.key, b.key));
    return top === undefined ? groups : groups.slice(0, top);
  }
}

/** `null` comes last, then by kind, then by value. */
function compareKeys(a: GroupKey, b: GroupKey): number {
  for (let at = 0; at < a.length; at++) {
    const order = compareScalars(a[at] ?? null, b[at] ?? null);
    if (order !== 0) return order;
  }
  return 0;
}

function compareScalars(a: Scalar, b: Scalar): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? 1 : -1;
  if (typeof a === typeof b) return a < b ? -1 : 1;
  return typeof a < typeof b ? -1 : 1;
}
