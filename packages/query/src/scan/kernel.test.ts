import { isUtf8 } from "node:buffer";
import { decodeLine, type EventRecord, encodeRecord } from "@prodigy-events/schema";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { anyLine } from "../../test/arbitrary-lines.js";
import { recordAt } from "../../test/test-producer.js";
import { groupKeyReader } from "../stats/group-key.js";
import { instantOf } from "../time/instant.js";
import { absent, type Column, column, Kernel, unlisted } from "./kernel.js";

const everyColumn = 0b111111;

/** What the kernel says of one line; `undefined` where it leaves the line to the parser. */
interface RowSeen {
  readonly start: number;
  readonly end: number;
  readonly columns: Columns | undefined;
}
interface Columns {
  readonly ms: number;
  readonly nanos: number;
  readonly sequence: number;
  readonly texts: readonly (string | undefined)[];
}

function read(kernel: Kernel, block: Uint8Array, mask = everyColumn): RowSeen[] {
  const seen: RowSeen[] = [];
  kernel.load(block);
  while (kernel.read(mask)) {
    const { rows } = kernel;
    for (let row = 0; row < rows.count; row++) {
      const texts = rows.codes.map((codes, of) => {
        const code = codes[row]!;
        return code === absent ? undefined : code === unlisted ? "?" : kernel.text(of as Column, code);
      });
      const columns = { ms: rows.ms[row]!, nanos: rows.nanos[row]!, sequence: rows.sequences[row]!, texts };
      seen.push({
        start: rows.starts[row]!,
        end: rows.ends[row]!,
        columns: rows.isDecided[row] === 1 ? columns : undefined,
      });
    }
  }
  return seen;
}

/** The same from the parsed record. */
function columnsOf(record: EventRecord): Columns {
  const { event, metadata } = record;
  const { sequence } = metadata;
  const text = (value: unknown) => (typeof value === "string" ? value : undefined);
  return {
    ...instantOf(record.timestamp)!,
    sequence: Number.isSafeInteger(sequence) ? sequence! : -1,
    texts: [
      event.event_type,
      text(event.job_id),
      text(event.agent_id),
      text(event.item_id),
      record.correlation_id,
      text(metadata.producer_id),
    ],
  };
}

function withoutEmpty(columns: Columns): Columns {
  // A correlation id that is missing is read as an empty one.
  const texts = columns.texts.map((text, of) => (of === column.correlation ? (text ?? "") : text));
  return { ...columns, texts };
}

/** Holds the columns of a decided line to what parsing it gives. */
function expectAsParsed(line: Buffer, columns: Columns): void {
  const decoded = decodeLine(line.toString());
  if (!decoded.ok) throw new Error(`decided, but malformed: ${decoded.message}: ${line}`);
  expect(withoutEmpty(columns)).toEqual(columnsOf(decoded.record));
  const { texts } = withoutEmpty(columns);
  const bare = ["job_id", "agent_id", "item_id", "correlation_id"];
  expect(texts.slice(1, 5).map((text) => text ?? null)).toEqual(groupKeyReader(bare)(decoded.record));
}

/** The same for a mask: of texts that were not asked for it is said only that they are there. */
function expectAsAskedFor(line: Buffer, columns: Columns, mask: number): void {
  const decoded = decodeLine(line.toString());
  if (!decoded.ok) throw new Error(`decided, but malformed: ${decoded.message}: ${line}`);
  const parsed = columnsOf(decoded.record);
  const expected = parsed.texts.map((text, of) =>
    (mask >> of) & 1 || text === undefined || (of === column.correlation && columns.texts[of] === undefined)
      ? text
      : "?",
  );
  expect({
    ...columns,
    texts: columns.texts.map((text, of) => (of === column.correlation ? (text ?? "") : text)),
  }).toEqual({
    ...parsed,
    texts: expected,
  });
}

/** Records as a few producers write them, line by line. */
const usualLine = fc
  .record({
    type: fc.constantFrom("agent_failed", "agent_started", "claude_tool_invoked", "claude_token_usage", "a"),
    fields: fc.constantFrom<Record<string, unknown>>(
      { job_id: "job-1", agent_id: "agent-1", error: "x" },
      { job_id: "job-2", agent_id: "agent-22", error: 'a"b' },
      { job_id: "job-1", agent_id: "agent-1", error: 17 },
      { agent_id: "ü", parameters: { event_type: "agent_failed", job_id: "no" }, list: [1, "]"] },
      { item_id: "", job_id: "job-1", duration: { secs: 1, nanos: 0 }, ok: true, none: null, part: -0.5 },
      {},
    ),
    correlation_id: fc.constantFrom("run-1", "run-22", "", 'r"'),
    metadata: fc.constantFrom<Record<string, unknown>>(
      { host: "h", pid: 1, thread: "main", producer_id: "producer0" },
      { host: "h", pid: 22, thread: "main", producer_id: "producer1" },
      { host: "h", producer_id: "producer0", region: "eu" },
    ),
    sequence: fc.option(fc.constantFrom<unknown>(0, 7, 4_711, 123_456_789_012_345, -1, 1.5, "7", 1e15), {
      nil: 3,
    }),
    tail: fc.constantFrom<Record<string, unknown>>({}, {}, { job: { x: 1 } }, { agent_id: "no" }),
  })
  .map(({ type, fields, correlation_id, metadata, sequence, tail }) =>
    Buffer.from(
      encodeRecord(
        recordAt(4_711, {
          id: "01920000-0000-7000-8000-000000000001",
          correlation_id,
          event: { event_type: type, ...fields },
          metadata: { ...metadata, sequence, ...tail } as EventRecord["metadata"],
        }),
      ).trimEnd(),
    ),
  );

/** A line in which a byte is another one, is missing or is there twice; mostly one that is not. */
const nearlyUsualLine = fc
  .tuple(
    usualLine,
    fc.nat(9),
    fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    fc.constantFrom(...'"\\{}:,x0 [-'),
  )
  .map(([line, how, share, other]) => {
    const at = Math.floor(share * line.length);
    if (how === 0) return Buffer.concat([line.subarray(0, at), Buffer.from(other), line.subarray(at + 1)]);
    if (how === 1) return Buffer.concat([line.subarray(0, at), line.subarray(at + 1)]);
    if (how === 2) return Buffer.concat([line.subarray(0, at), line.subarray(at)]).subarray(0, at || 1);
    if (how === 3) return Buffer.concat([line.subarray(0, at), Buffer.from(other), line.subarray(at)]);
    return line;
  });

describe("the kernel", () => {
  const kernel = new Kernel(1 << 16);

  it("finds the lines, and says of those it decides what parsing says", () => {
    const decided = { lines: 0, all: 0 };
    fc.assert(
      fc.property(fc.array(anyLine, { minLength: 1, maxLength: 8 }), (all) => {
        const block = Buffer.concat(all.flatMap((line) => [line, Buffer.from("\n")]));
        // Empty ones are no lines.
        const lines = all.filter((line) => line.length > 0);
        if (!isUtf8(block)) return;
        const rows = read(kernel, block);
        expect(rows.map(({ start, end }) => block.toString("latin1", start, end))).toEqual(
          lines.map((line) => line.toString("latin1")),
        );
        for (const [at, { columns }] of rows.entries()) {
          decided.all++;
          if (!columns) continue;
          decided.lines++;
          expectAsParsed(lines[at]!, columns);
        }
      }),
      { numRuns: 4_000 },
    );
    // It is of no use if it decides hardly anything.
    expect(decided.lines / decided.all).toBeGreaterThan(0.1);
  }, 120_000);

  it("decides every line that our encoder writes, whatever is in it, but for names with escapes", () => {
    const anything = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(anything, fc.integer({ min: -1e13, max: 2e14 }), fc.nat(), (fields, ms, sequence) => {
        const { event_type: _type, job_id: _job, agent_id: _agent, item_id: _item, ...others } = fields;
        const event = { event_type: "agent_failed", agent_id: "ünï", ...others };
        const record = recordAt(ms, { event, metadata: { host: "h", producer_id: "p", sequence } });
        const line = encodeRecord(record);
        const [row] = read(kernel, Buffer.from(line));
        const hasOddKey = Object.keys(others).some((key) => JSON.stringify(key) !== `"${key}"`);
        if (hasOddKey) return;
        expect(row?.columns).toEqual(columnsOf(decode(line)));
      }),
      { numRuns: 2_000 },
    );
  });

  it("is not misled by lines that are nearly like the ones before, whatever columns are asked for", () => {
    const masks = fc.constantFrom(everyColumn, everyColumn, 0b100001, 0b000011);
    let decided = 0;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(nearlyUsualLine, masks), { minLength: 5, maxLength: 40, size: "max" }),
        (all) => {
          for (const [at, [, mask]] of all.entries()) {
            if (at > 0 && all[at - 1]![1] === mask) continue;
            const rest = all.slice(at);
            const to = rest.findIndex(([, other]) => other !== mask);
            const lines = rest.slice(0, to < 0 ? rest.length : to).map(([line]) => line);
            const block = Buffer.concat(lines.flatMap((line) => [line, Buffer.from("\n")]));
            if (!isUtf8(block)) continue;
            for (const [row, { columns }] of read(kernel, block, mask).entries()) {
              if (!columns) continue;
              decided++;
              const line = lines[row]!;
              if (mask === everyColumn) expectAsParsed(line, columns);
              else expectAsAskedFor(line, columns, mask);
            }
          }
        },
      ),
      { numRuns: 2_000 },
    );
    expect(decided).toBeGreaterThan(5_000);
  }, 120_000);

  it("says nothing of a column that is not asked for", () => {
    const line = encodeRecord(recordAt(0));
    const [row] = read(kernel, Buffer.from(line), 1);
    expect(row?.columns?.texts).toEqual(["agent_progress", "?", "?", undefined, "?", undefined]);
  });

  it("reads the days from the year 0 to 9999", () => {
    const first = Date.parse("0000-01-01T00:00:00.000Z");
    const days = 3_652_425;
    const step = 13 * 86_400_000 + 37_123_000;
    for (let from = first; from < first + days * 86_400_000; from += 500 * step) {
      const times = Array.from({ length: 500 }, (_, at) => from + at * step);
      const lines = times
        .filter((ms) => ms < first + days * 86_400_000)
        .map((ms) => `{"id":"","timestamp":"${new Date(ms).toISOString()}","event":{"event_type":"a"}}\n`);
      const rows = read(kernel, Buffer.from(lines.join("")));
      expect(rows.map(({ columns }) => columns?.ms)).toEqual(times.slice(0, lines.length));
    }
  });

  it("takes no day, hour or minute that does not exist", () => {
    for (const timestamp of [
      "2026-00-01T00:00:00Z",
      "2026-13-01T00:00:00Z",
      "2026-04-31T00:00:00Z",
      "2026-01-00T00:00:00Z",
      "2100-02-29T00:00:00Z",
      "2026-01-01T24:00:00Z",
      "2026-01-01T00:60:00Z",
      "2026-01-01T00:00:60Z",
      "2026-01-01T00:00:00.Z",
      "2026-01-01T00:00:00.1234567890Z",
      "2026-01-01T00:00:00+00:00",
      "",
    ]) {
      const line = `{"id":"","timestamp":"${timestamp}","event":{"event_type":"a"}}\n`;
      expect([timestamp, read(kernel, Buffer.from(line))[0]?.columns]).toEqual([timestamp, undefined]);
    }
  });

  it("reads lines that fill the room to the last byte, and refuses more", () => {
    const small = new Kernel(300);
    const bare = encodeRecord(recordAt(0, { event: { event_type: "a", x: "" } }));
    const fill = 300 - bare.length;
    const line = encodeRecord(recordAt(0, { event: { event_type: "a", x: "x".repeat(fill) } }));
    expect(line).toHaveLength(300);
    expect(read(small, Buffer.from(line))[0]?.columns?.texts[0]).toBe("a");
    const open = `${line.slice(0, -4)}\n`;
    expect(read(small, Buffer.from(open))).toMatchObject([{ columns: undefined }]);
    expect(() => small.load(Buffer.alloc(301, "\n"))).toThrow(RangeError);
    expect(() => small.load(Buffer.from("{}"))).toThrow(RangeError);
  });

  it("reads more lines than it has rows for", () => {
    expect(read(kernel, Buffer.alloc(40_000, "x\n"))).toHaveLength(20_000);
  });

  it("passes over empty lines, which are none", () => {
    expect(read(kernel, Buffer.from("\n\nx\n\ny\n\n"))).toMatchObject([{ start: 2 }, { start: 5 }]);
    expect(read(kernel, Buffer.alloc(20_000, "\n"))).toEqual([]);
  });

  it("leaves nesting without end to the parser", () => {
    const deep = `{"id":"","timestamp":"2026-01-01T00:00:00Z","event":{"event_type":"a","x":${"[".repeat(50_000)}\n`;
    expect(read(kernel, Buffer.from(deep))).toMatchObject([{ columns: undefined }]);
  });

  it("keeps a code for each text until a dictionary is full, and then says so", () => {
    const own = new Kernel(1 << 16);
    const codes = new Set<number>();
    for (let at = 0; at < 65_536; at++) codes.add(own.intern(column.agent, `agent-${at}`));
    expect(codes.size).toBe(65_536);
    expect([codes.has(absent), codes.has(unlisted)]).toEqual([false, false]);
    expect(own.intern(column.agent, "one-more")).toBe(unlisted);
    expect(own.text(column.agent, own.intern(column.agent, "agent-4711"))).toBe("agent-4711");
    expect(own.intern(column.item, "one-more")).toBe(1);
    const line = encodeRecord(recordAt(0, { event: { event_type: "a", agent_id: "one-more" } }));
    expect(read(own, Buffer.from(line))[0]?.columns?.texts[column.agent]).toBe("?");
  });

  it("does not list texts that are longer than any id, or have no bytes", () => {
    expect(kernel.intern(column.item, "x".repeat(1_025))).toBe(unlisted);
    expect(kernel.intern(column.item, "\ud800")).toBe(unlisted);
    expect(kernel.text(column.item, kernel.intern(column.item, ""))).toBe("");
  });
});

it("says what it needs where there is no WebAssembly with SIMD", async () => {
  try {
    for (const api of [undefined, { validate: () => false }]) {
      vi.stubGlobal("WebAssembly", api);
      vi.resetModules();
      const { Kernel: Unsupported } = await import("./kernel.js");
      expect(() => new Unsupported(100)).toThrow(expect.objectContaining({ code: "SIMD_REQUIRED" }));
    }
  } finally {
    vi.unstubAllGlobals();
  }
});

function decode(line: string): EventRecord {
  const decoded = decodeLine(line);
  if (!decoded.ok) throw new Error(decoded.message);
  return decoded.record;
}
