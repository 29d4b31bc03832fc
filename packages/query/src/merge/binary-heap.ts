/** A binary heap: the least element by `compare` is on top. */
export class BinaryHeap<T> {
  readonly #items: T[] = [];
  readonly #compare: (a: T, b: T) => number;

  constructor(compare: (a: T, b: T) => number) {
    this.#compare = compare;
  }

  get size(): number {
    return this.#items.length;
  }

  get top(): T | undefined {
    return this.#items[0];
  }

  push(item: T): void {
    this.#items.push(item);
    this.#rise(this.#items.length - 1, item);
  }

  pop(): T | undefined {
    const items = this.#items;
    const top = items[0];
    const last = items.pop();
    if (last !== undefined && items.length > 0) {
      items[0] = last;
      this.topChanged();
    }
    return top;
  }

  /** Replaces the top by `item`, in one step instead of two. */
  replaceTop(item: T): void {
    this.#items[0] = item;
    this.topChanged();
  }

  /** Restores the order after the top element's rank has changed. */
  topChanged(): void {
    const items = this.#items;
    const item = items[0];
    if (item === undefined) return;
    // Down along the smaller children to the bottom and up again: an element that has changed mostly belongs there.
    let at = 0;
    for (let child = 1; child < items.length; child = 2 * at + 1) {
      if (child + 1 < items.length && this.#compare(items[child + 1]!, items[child]!) < 0) child++;
      items[at] = items[child]!;
      at = child;
    }
    this.#rise(at, item);
  }

  /** The elements in no particular order; the heap is empty afterwards. */
  drain(): T[] {
    return this.#items.splice(0);
  }

  /** Puts `item` at `from`, or as far above it as it belongs. */
  #rise(from: number, item: T): void {
    const items = this.#items;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#compare(items[parent]!, item) <= 0) break;
      items[at] = items[parent]!;
      at = parent;
    }
    items[at] = item;
  }
}
