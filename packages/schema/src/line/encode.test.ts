import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EventRecord } from "../record.js";
import { recordFactory } from "../testing/index.js";
import { decodeLine } from "./decode.js";
import { encodeEvent, encodeMetadata, encodeRecord } from "./encode.js";
import { EncodeError } from "./encode-error.js";

const sample = recordFactory()();

describe("encodeRecord", () => {
  it("writes the canonical line", () => {
    const record: EventRecord = {
      metadata: {
        sequence: 17,
        host: "worker-01",
        region: "eu",
        pid: 12345,
        producer_id: "k3f9a1c2",
        thread: "main",
      },
      event: { job_id: "job-1", commits: ["a1b2c3d"], event_type: "agent_completed" },
      correlation_id: "workflow-abc123",
      timestamp: "2026-01-01T12:00:00.000Z",
      id: "0192",
    };
    expect(encodeRecord(record)).toBe(
      '{"id":"0192","timestamp":"2026-01-01T12:00:00.000Z","correlation_id":"workflow-abc123",' +
        '"event":{"event_type":"agent_completed","job_id":"job-1","commits":["a1b2c3d"]},' +
        '"metadata":{"host":"worker-01","pid":12345,"thread":"main","producer_id":"k3f9a1c2","sequence":17,"region":"eu"}}\n',
    );
  });

  it("puts event_type and our metadata before keys that JavaScript puts first", () => {
    const record: EventRecord = {
      ...sample,
      event: { event_type: "x", 7: "seven" },
      metadata: { ...sample.metadata, 3: "three" },
    };
    const line = encodeRecord(record);
    expect(line).toContain('"event":{"event_type":"x","7":"seven"}');
    expect(line).toContain('"sequence":0,"3":"three"}');
  });

  it("writes the metadata that there is", () => {
    expect(encodeRecord({ ...sample, metadata: {} })).toContain('"metadata":{}}\n');
    expect(encodeRecord({ ...sample, metadata: { b: 1, thread: "main", a: [1, { c: null }] } })).toContain(
      '"metadata":{"thread":"main","b":1,"a":[1,{"c":null}]}}\n',
    );
  });

  it("holds what JSON.stringify holds, whatever the values are", () => {
    fc.assert(
      fc.property(aRecordOfAnything, (record) => {
        const line = encodeRecord(record);
        expect(line.indexOf("\n")).toBe(line.length - 1);
        expect(JSON.parse(line)).toStrictEqual(JSON.parse(JSON.stringify(record)));
      }),
      { numRuns: 3000 },
    );
  });

  it("is put together from its parts", () => {
    fc.assert(
      fc.property(aRecordOfAnything, (record) => {
        const end = `,"event":${encodeEvent(record.event)},"metadata":${encodeMetadata(record.metadata)}}\n`;
        expect(encodeRecord(record).endsWith(end)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it("puts an event_type first that only looks as if it were", () => {
    const inherited = Object.assign(Object.create({ event_type: "inherited" }) as object, {
      event_type: "x",
    });
    expect(encodeEvent(inherited)).toBe('{"event_type":"x"}');
    const hidden = Object.defineProperty({ n: 1, event_type: "x" }, "n", { enumerable: false });
    expect(encodeEvent(hidden)).toBe('{"event_type":"x"}');
    expect(() => encodeEvent(Object.create({ event_type: "inherited" }))).toThrow(EncodeError);
  });

  it("writes the same line for the same record with its keys in another order", () => {
    const ours = fc.record({
      host: fc.string(),
      pid: fc.nat(),
      thread: fc.string(),
      producer_id: fc.string(),
      sequence: fc.nat(),
    });
    fc.assert(
      fc.property(ours, anyString, (metadata, text) => {
        const canonical = { ...sample, event: { event_type: text, text }, metadata };
        const { host, ...others } = metadata;
        const shuffled = { ...canonical, event: { text, event_type: text }, metadata: { ...others, host } };
        expect(encodeRecord(shuffled)).toBe(encodeRecord(canonical));
      }),
      { numRuns: 1000 },
    );
  });

  it("is undone by decodeLine for what JSON can hold", () => {
    const json = fc.jsonValue({ maxDepth: 5 });
    fc.assert(
      fc.property(json, anyString, (value, text) => {
        const record = {
          ...sample,
          id: text,
          event: { event_type: text, value },
          metadata: { ...sample.metadata, value },
        };
        const decoded = decodeLine(encodeRecord(record).slice(0, -1));
        expect(decoded).toEqual({ ok: true, record: JSON.parse(JSON.stringify(record)) });
      }),
      { numRuns: 1000 },
    );
  });

  it("writes an object with toJSON as what that gives", () => {
    const event = { event_type: "x", toJSON: () => ({ n: 1, event_type: "y" }) };
    const metadata = { ...sample.metadata, at: new Date(0), toJSON: () => ({ at: 1, host: "h" }) };
    const line = encodeRecord({ ...sample, event, metadata });
    expect(line).toContain('"event":{"event_type":"y","n":1},"metadata":{"host":"h","at":1}}');
  });

  it("nests as deep as readers go", () => {
    // The record and its event are two levels of the 256.
    expect(decodeLine(encodeRecord(recordOfDepth(256)).slice(0, -1)).ok).toBe(true);
    expect(() => encodeRecord(recordOfDepth(257))).toThrow(
      expect.objectContaining({
        code: "TOO_DEEP",
        message: expect.stringMatching(/^record\.event\.deep\[0\]\[0\]/),
      }),
    );
  });
});

describe("encodeRecord of what JSON cannot hold", () => {
  const cycle: Record<string, unknown> = { event_type: "x", inner: { list: [] } };
  (cycle.inner as { list: unknown[] }).list.push(cycle);
  const throwing = {
    event_type: "x",
    get field() {
      throw new Error("lost its connection");
    },
  };

  it.each([
    [
      "a cycle",
      { event: cycle },
      "CYCLE",
      "event.inner.list[0] contains itself, which JSON cannot hold: give the parts that matter",
    ],
    [
      "a BigInt",
      { event: { event_type: "x", n: { m: 1n } } },
      "BIGINT",
      "event.n.m is a BigInt, which JSON cannot hold: give text or a number",
    ],
    [
      "a BigInt from toJSON",
      { event: { event_type: "x", n: { toJSON: () => 1n } } },
      "BIGINT",
      "event.n is a BigInt, which JSON cannot hold: give text or a number",
    ],
    [
      "a BigInt in the metadata",
      { metadata: { ...sample.metadata, n: 1n } },
      "BIGINT",
      "metadata.n is a BigInt, which JSON cannot hold: give text or a number",
    ],
    [
      "a getter that throws",
      { event: throwing },
      "UNENCODABLE",
      "event cannot be written as JSON: lost its connection",
    ],
    [
      "a toJSON that throws no Error",
      {
        event: {
          event_type: "x",
          toJSON() {
            throw "no";
          },
        },
      },
      "UNENCODABLE",
      "event cannot be written as JSON: no",
    ],
    ["no event", { event: undefined }, "UNENCODABLE", "event has no JSON form: give an object"],
    [
      "an event without a type",
      { event: { job_id: "1" } },
      "UNENCODABLE",
      "event is no object with an event_type: give one",
    ],
    [
      "a type that is no text",
      { event: { event_type: 7 } },
      "UNENCODABLE",
      "event is no object with an event_type: give one",
    ],
    [
      "an event that is a list",
      { event: ["x"] },
      "UNENCODABLE",
      "event is no object with an event_type: give one",
    ],
    [
      "metadata that is no object",
      { metadata: "host-1" },
      "UNENCODABLE",
      "metadata is no object: give one, which may be empty",
    ],
    ["an id that is no text", { id: 7 }, "UNENCODABLE", "id is of type number: give a string"],
    [
      "no timestamp",
      { timestamp: undefined },
      "UNENCODABLE",
      "timestamp is of type undefined: give a string",
    ],
  ])("names %s", (_, part, code, message) => {
    const error = errorOf(() => encodeRecord({ ...sample, ...part } as unknown as EventRecord));
    expect(error).toBeInstanceOf(EncodeError);
    expect(error).toMatchObject({ name: "EncodeError", code, message });
  });

  it("names nesting that overflows the stack of JSON.stringify", () => {
    expect(() => encodeRecord(recordOfDepth(100_000))).toThrow(expect.objectContaining({ code: "TOO_DEEP" }));
  });

  it("keeps what the engine threw as the cause", () => {
    const error = errorOf(() => encodeRecord({ ...sample, event: throwing }));
    expect(error.cause).toEqual(new Error("lost its connection"));
  });
});

const anyString = fc.string({ unit: "binary" });
const anything = fc.anything({
  withDate: true,
  withNullPrototype: true,
  withSparseArray: true,
  withTypedArray: true,
});
const ownOrOther = fc.constantFrom(
  "host",
  "pid",
  "thread",
  "producer_id",
  "sequence",
  "event_type",
  "__proto__",
  "7",
  "region",
);
const fields = fc
  .array(fc.tuple(fc.oneof(ownOrOther, anyString), fc.oneof(anyString, fc.double(), anything)))
  .map(objectOf);

/** Keys in any order, `__proto__` among them; values that JSON changes or leaves out among them. */
const aRecordOfAnything = fc
  .record({
    id: anyString,
    timestamp: anyString,
    correlation_id: anyString,
    event: fields,
    metadata: fields,
    type: anyString,
    typeFirst: fc.boolean(),
    ours: fc.boolean(),
  })
  .map(
    ({ type, typeFirst, ours, event, metadata, ...envelope }): EventRecord => ({
      ...envelope,
      event: typeFirst
        ? { event_type: type, ...without(event, "event_type") }
        : { ...without(event, "event_type"), event_type: type },
      metadata: ours ? { ...sample.metadata, ...metadata } : metadata,
    }),
  );

/** As JSON.parse would make it: every key, `__proto__` too, is the object's own. */
function objectOf(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  return Object.fromEntries(entries);
}

function without(record: Record<string, unknown>, name: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => key !== name));
}

function recordOfDepth(depth: number): EventRecord {
  let deep: unknown = "bottom";
  for (let level = 2; level < depth; level++) deep = [deep];
  return { ...sample, event: { event_type: "x", deep } };
}

function errorOf(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was thrown");
}
