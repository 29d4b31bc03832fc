/** Remembers which path each open descriptor was opened with. */
export class DescriptorPaths {
  readonly #pathOfDescriptor = new Map<number, string>();

  /** The path that a call is about: its first argument, or that of the descriptor in this place. */
  pathOf([first]: readonly unknown[]): string | undefined {
    if (typeof first === "number") return this.#pathOfDescriptor.get(first);
    return typeof first === "string" ? first : undefined;
  }

  /** Takes note of a call that succeeded. */
  remember(operation: string, path: string | undefined, args: readonly unknown[], result: unknown): void {
    if (operation === "open" || operation === "openSync") {
      if (path !== undefined) this.#pathOfDescriptor.set(result as number, path);
    } else if (operation === "close" || operation === "closeSync") {
      this.#pathOfDescriptor.delete(args[0] as number);
    }
  }
}
