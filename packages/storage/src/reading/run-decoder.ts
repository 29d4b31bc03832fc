import type { Transform } from "node:stream";

/**
 * Feeds a decoder piece by piece and yields what it makes of it. The next piece goes in, and the input is ended, only
 * when all output before was taken: a stream that fails destroys what it has not handed over, and an error at the end
 * of the input must not cost the output before it. Ends early when the decoder wants no more.
 *
 * @throws what the decoder or the input throws, after all output before it
 */
export async function* runDecoder(
  decoder: Transform,
  input: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer, void> {
  let wake = () => {};
  let failure: { error: unknown } | undefined;
  let isIdle = true;
  decoder.on("readable", () => wake());
  decoder.on("end", () => wake());
  decoder.on("error", (error) => {
    failure ??= { error };
    wake();
  });

  /** What comes out until the decoder waits for input or has ended. */
  async function* output(): AsyncGenerator<Buffer, void> {
    for (;;) {
      const bytes = decoder.read() as Buffer | null;
      if (bytes !== null) yield bytes;
      else if (failure !== undefined) throw failure.error;
      else if (isIdle || decoder.readableEnded) return;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  }

  try {
    for await (const bytes of input) {
      isIdle = false;
      decoder.write(bytes, () => {
        isIdle = true;
        wake();
      });
      yield* output();
      if (decoder.readableEnded) return;
    }
    isIdle = false;
    decoder.end();
    yield* output();
  } finally {
    decoder.destroy();
  }
}
