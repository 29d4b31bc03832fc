/** How often each sequence number of one producer was read. Takes a byte for each, so that millions fit. */
export class SequenceCounts {
  #counts = new Uint8Array(1_024);
  #end = 0;

  add(sequence: number): void {
    if (sequence >= this.#counts.length) {
      const grown = new Uint8Array(Math.max(2 * this.#counts.length, sequence + 1));
      grown.set(this.#counts);
      this.#counts = grown;
    }
    this.#end = Math.max(this.#end, sequence + 1);
    this.#counts[sequence] = Math.min(255, (this.#counts[sequence] ?? 0) + 1);
  }

  /** One above the highest number read. */
  get end(): number {
    return this.#end;
  }

  /** Numbers that were read, each counted once. */
  get distinct(): number {
    return this.#counts.reduce((sum, count) => sum + Math.min(1, count), 0);
  }

  /** Readings beyond the first of their number. */
  get repeated(): number {
    return this.#counts.reduce((sum, count) => sum + Math.max(0, count - 1), 0);
  }

  /** The numbers below `bound` that were not read. */
  missingBelow(bound: number): number[] {
    const missing: number[] = [];
    for (let sequence = 0; sequence < bound; sequence += 1) {
      if ((this.#counts[sequence] ?? 0) === 0) missing.push(sequence);
    }
    return missing;
  }
}
