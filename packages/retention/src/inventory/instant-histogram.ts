/** Records of one span of time, counted and weighed. */
export interface HistogramBucket {
  /** Milliseconds since the Unix epoch, included. */
  fromMs: number;
  /** Excluded. */
  toMs: number;
  records: number;
  weight: number;
}

interface Cell {
  records: number;
  weight: number;
}

/**
 * How many records, and of which weight, fall into which span of time, exactly, in bounded memory: when there
 * are too many buckets, neighbours are joined and every bucket is twice as wide from then on.
 */
export class InstantHistogram {
  readonly #maxBuckets: number;
  #cells = new Map<number, Cell>();
  #widthMs = 1;

  constructor(maxBuckets: number) {
    this.#maxBuckets = maxBuckets;
  }

  /** @param instantMs whole milliseconds since the Unix epoch */
  add(instantMs: number, weight: number): void {
    this.#addTo(this.#cells, Math.floor(instantMs / this.#widthMs), 1, weight);
    while (this.#cells.size > this.#maxBuckets) this.#widen();
  }

  /** The buckets that hold anything, oldest first. */
  buckets(): HistogramBucket[] {
    const widthMs = this.#widthMs;
    return [...this.#cells]
      .sort(([a], [b]) => a - b)
      .map(([index, cell]) => ({ fromMs: index * widthMs, toMs: (index + 1) * widthMs, ...cell }));
  }

  #widen(): void {
    const wider = new Map<number, Cell>();
    for (const [index, { records, weight }] of this.#cells) {
      this.#addTo(wider, Math.floor(index / 2), records, weight);
    }
    this.#cells = wider;
    this.#widthMs *= 2;
  }

  #addTo(cells: Map<number, Cell>, index: number, records: number, weight: number): void {
    const cell = cells.get(index);
    if (cell === undefined) cells.set(index, { records, weight });
    else {
      cell.records += records;
      cell.weight += weight;
    }
  }
}
