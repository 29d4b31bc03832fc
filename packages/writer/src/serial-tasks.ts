/** Runs asynchronous tasks one after another, in the order they were given; a failed one stops nobody. */
export class SerialTasks {
  #last: Promise<unknown> = Promise.resolve();

  run<Result>(task: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(task);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
