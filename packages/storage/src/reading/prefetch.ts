/**
 * Asks for the next value while the caller works on the present one, so that reading and inflating in the thread
 * pool overlap with the caller's own work. The source may reuse the memory of the value before last.
 */
export async function* prefetch<Value>(source: AsyncGenerator<Value, void>): AsyncGenerator<Value, void> {
  let pending = ask(source);
  try {
    for (let next = await pending; !next.done; next = await pending) {
      pending = ask(source);
      yield next.value;
    }
  } finally {
    await pending.catch(() => undefined); // its error, if any, was thrown above or concerns nobody any more
    await source.return();
  }
}

function ask<Value>(source: AsyncGenerator<Value, void>): Promise<IteratorResult<Value, void>> {
  const pending = source.next();
  pending.catch(() => undefined); // may fail before anybody waits for it, which is not an unhandled rejection
  return pending;
}
