/** A point in time that a promise can be raced against. Its timer keeps the process alive until it is cleared. */
export class Deadline {
  readonly passed: Promise<"passed">;
  readonly #timer: NodeJS.Timeout;

  constructor(timeoutMs: number) {
    let pass: (value: "passed") => void = () => undefined;
    this.passed = new Promise((resolve) => {
      pass = resolve;
    });
    this.#timer = setTimeout(() => pass("passed"), timeoutMs);
  }

  clear(): void {
    clearTimeout(this.#timer);
  }
}
