/** What becomes of an item whose work failed. */
export type AfterFailure = "postpone" | "give up";

/**
 * Works through items in the background, one at a time, in order. An item whose work failed is postponed: it is
 * tried again when the next item arrives or when somebody waits for the end, and never blocks the others.
 */
export class BackgroundQueue<Item> {
  readonly #work: (item: Item) => Promise<void>;
  readonly #onFailure: (item: Item, error: unknown) => AfterFailure;
  #waiting: Item[] = [];
  #postponed: Item[] = [];
  #running: Promise<void> | undefined;
  #isHeld = false;

  constructor(work: (item: Item) => Promise<void>, onFailure: (item: Item, error: unknown) => AfterFailure) {
    this.#work = work;
    this.#onFailure = onFailure;
  }

  /** Items not done: waiting, postponed or being worked on. */
  get size(): number {
    return this.#waiting.length + this.#postponed.length + (this.#running === undefined ? 0 : 1);
  }

  add(item: Item): void {
    this.#waiting.push(...this.#postponed.splice(0), item);
    this.#start();
  }

  /** Starts no further item until {@link release}. */
  hold(): void {
    this.#isHeld = true;
  }

  release(): void {
    this.#isHeld = false;
    this.#start();
  }

  /** Tries postponed items once more, unless held, and resolves when nothing is running any more. */
  async settle(): Promise<void> {
    await this.#running;
    this.#waiting.push(...this.#postponed.splice(0));
    this.#start();
    await this.#running;
  }

  #start(): void {
    if (this.#running !== undefined || this.#isHeld || this.#waiting.length === 0) return;
    this.#running = this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  async #run(): Promise<void> {
    while (!this.#isHeld) {
      const item = this.#waiting.shift();
      if (item === undefined) return;
      try {
        await this.#work(item);
      } catch (error) {
        if (this.#onFailure(item, error) === "postpone") this.#postponed.push(item);
      }
    }
  }
}
