import { describe, expect, it } from "vitest";
import { encodeBatch, memoryWriter } from "../src/index.js";
import { batchFrom, lineOf } from "./writer-scene.js";

describe("a memory writer", () => {
  it("keeps lines in order and decodes them", async () => {
    const writer = memoryWriter();
    await writer.write(batchFrom(0, 2));
    writer.writeSync?.(batchFrom(2, 1));
    await writer.flush();
    await writer.close();
    expect(writer.lines).toEqual([lineOf(0), lineOf(1), lineOf(2)]);
    expect(writer.records().map(({ metadata }) => metadata.sequence)).toEqual([0, 1, 2]);
  });

  it("takes a batch that it has confirmed before as done", async () => {
    const writer = memoryWriter();
    await writer.write(batchFrom(0, 2));
    await writer.write(batchFrom(0, 2));
    writer.writeSync?.(batchFrom(1, 3));
    expect(writer.lines).toEqual([0, 1, 2, 3].map((sequence) => lineOf(sequence)));
  });

  it("keeps a new batch whatever numbers its records have", async () => {
    const writer = memoryWriter();
    await writer.write(batchFrom(0, 2));
    await writer.write(encodeBatch([lineOf(1)], 2));
    expect(writer.lines).toEqual([lineOf(0), lineOf(1), lineOf(1)]);
  });

  it("keeps lines that are no records once too", async () => {
    const writer = memoryWriter();
    await writer.write(encodeBatch(["one\n", "two\n"], 0));
    await writer.write(encodeBatch(["one\n", "two\n"], 0));
    expect(writer.lines).toEqual(["one\n", "two\n"]);
  });

  it("has its name in statistics, and flush() depends on it", () => {
    expect(memoryWriter()).toMatchObject({ name: "memory", required: true });
  });

  it("says so when a line is no record", async () => {
    const writer = memoryWriter();
    await writer.write(encodeBatch(["[]\n"], 0));
    expect(() => writer.records()).toThrow(/no record/);
  });
});
