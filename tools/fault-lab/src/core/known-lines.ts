import type { Expectation } from "./read-back.js";
import { lineOf } from "./test-records.js";

/** The lines that a producer was given, by which a reading is judged. */
export class KnownLines implements Pick<Expectation, "isKnown" | "identityOf"> {
  readonly #identities = new Map<string, { producerId: string; sequence: number }>();

  /** Adds the records of a producer from `first` on, and returns their lines without line ends. */
  add(producerId: string, first: number, count: number, text = ""): string[] {
    return Array.from({ length: count }, (_, index) => {
      const sequence = first + index;
      const line = lineOf(producerId, sequence, text).slice(0, -1);
      this.#identities.set(line, { producerId, sequence });
      return line;
    });
  }

  isKnown(line: string): boolean {
    return this.#identities.has(line);
  }

  identityOf(line: string): { producerId: string; sequence: number } {
    return this.#identities.get(line) ?? { producerId: "?", sequence: -1 };
  }

  get all(): readonly string[] {
    return [...this.#identities.keys()];
  }
}
