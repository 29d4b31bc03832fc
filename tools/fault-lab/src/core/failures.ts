/** Failures kept as text; all are counted. */
const maxKept = 20;

/** Collects what went wrong, one line each, each line once. */
export class Failures {
  readonly lines: string[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(line: string): void {
    this.#count += 1;
    const text = line.replaceAll(/\s+/g, " ").slice(0, 500);
    if (this.lines.length < maxKept && !this.lines.includes(text)) this.lines.push(text);
  }
}
