import { PassThrough, Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { stdoutWriter } from "../src/index.js";
import { batchFrom, lineOf } from "./writer-scene.js";

/** A stream whose every chunk is answered by hand. */
function manualStream() {
  const answers: ((error?: Error) => void)[] = [];
  const stream = new Writable({
    write: (_chunk, _encoding, callback) => {
      answers.push(callback);
    },
  });
  return { stream, answers };
}

function withCode(code: string): Error {
  return Object.assign(new Error(`write ${code}`), { code });
}

describe("a stdout writer", () => {
  it("writes the canonical lines", async () => {
    const stream = new PassThrough();
    const writer = stdoutWriter({ stream });
    await writer.write(batchFrom(0, 2));
    await writer.flush();
    await writer.close();
    expect(stream.read().toString()).toBe(lineOf(0) + lineOf(1));
    expect(stream.writableEnded).toBe(false);
  });

  it("needs nothing of a batch that it has confirmed, however long the stream holds it", async () => {
    const stream = new PassThrough();
    const writer = stdoutWriter({ stream });
    const batch = batchFrom(0, 2);
    await writer.write(batch);
    batch.bytes.fill(0);
    expect(stream.read().toString()).toBe(lineOf(0) + lineOf(1));
  });

  it("waits until the stream has handed the batch over", async () => {
    const { stream, answers } = manualStream();
    const writer = stdoutWriter({ stream });
    let isWritten = false;
    const writing = writer.write(batchFrom(0, 1)).then(() => {
      isWritten = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(isWritten).toBe(false);
    answers[0]?.();
    await writing;
    expect(isWritten).toBe(true);
  });

  it("stops quietly when the reader goes away", async () => {
    const { stream, answers } = manualStream();
    const writer = stdoutWriter({ stream });
    const writing = writer.write(batchFrom(0, 1));
    answers[0]?.(withCode("EPIPE"));
    await writing;
    expect(writer.isStopped).toBe(true);
    await writer.write(batchFrom(1, 1));
    expect(answers.length).toBe(1);
    await writer.close();
  });

  it("notices also what happens to the stream between two batches", async () => {
    const stream = new PassThrough();
    const writer = stdoutWriter({ stream });
    await writer.write(batchFrom(0, 1));
    stream.destroy(withCode("EPIPE"));
    await new Promise((resolve) => setImmediate(resolve));
    expect(writer.isStopped).toBe(true);
  });

  it("leaves nothing out after another error between two batches, but rejects", async () => {
    const stream = new PassThrough();
    const writer = stdoutWriter({ stream });
    await writer.write(batchFrom(0, 1));
    stream.destroy(withCode("EIO"));
    await new Promise((resolve) => setImmediate(resolve));
    expect(writer.isStopped).toBe(false);
    await expect(writer.write(batchFrom(1, 1))).rejects.toMatchObject({ retryable: false });
  });

  it("rejects for any other error, for good when the stream is destroyed", async () => {
    const { stream, answers } = manualStream();
    const writer = stdoutWriter({ stream });
    const writing = writer.write(batchFrom(0, 1));
    answers[0]?.(withCode("EIO"));
    await expect(writing).rejects.toMatchObject({
      name: "WriteError",
      code: "EIO",
      message: "cannot write to the stream: write EIO",
      cause: { code: "EIO" },
    });
    await expect(writer.write(batchFrom(0, 1))).rejects.toMatchObject({
      code: "STREAM_FAILED",
      retryable: false,
    });
  });

  it("adds one listener to the stream, and takes it along", async () => {
    const stream = new PassThrough();
    const writer = stdoutWriter({ stream });
    for (const index of [0, 1, 2]) await writer.write(batchFrom(index, 1));
    expect(stream.listenerCount("error")).toBe(1);
    await writer.close();
    await writer.close();
    expect(stream.listenerCount("error")).toBe(0);
    await writer.write(batchFrom(3, 1));
    expect(stream.listenerCount("error")).toBe(1);
  });

  it("is a view that flush() does not depend on, unless told otherwise", () => {
    expect(stdoutWriter().name).toBe("stdout");
    expect(stdoutWriter().required).toBe(false);
    expect(stdoutWriter({ required: true }).required).toBe(true);
  });
});
