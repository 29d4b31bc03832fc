import fc from "fast-check";
import { v7, validate, version } from "uuid";
import { describe, expect, it } from "vitest";
import { RecordIds } from "./record-ids.js";

describe("RecordIds", () => {
  it("gives UUIDv7s of the time asked for", () => {
    const id = new RecordIds().next(Date.UTC(2026, 0, 1));
    expect(validate(id)).toBe(true);
    expect(version(id)).toBe(7);
    expect(Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16)).toBe(Date.UTC(2026, 0, 1));
  });

  it("gives strictly increasing ids, within a millisecond and beyond", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 2 }), { minLength: 2, maxLength: 200 }), (steps) => {
        const ids = new RecordIds();
        let epochMs = 1_700_000_000_000;
        const given = steps.map((step) => {
          epochMs += step;
          return ids.next(epochMs);
        });
        expect([...given].sort()).toEqual(given);
        expect(new Set(given).size).toBe(given.length);
      }),
    );
  });

  it.each([0x00, 0xff])("stays increasing across many pools of random bytes that are all %s", (byte) => {
    const ids = new RecordIds((bytes) => bytes.fill(byte));
    let last = "";
    for (let count = 0; count < 2_000; count += 1) {
      const id = ids.next(1_700_000_000_000);
      expect(id > last).toBe(true);
      last = id;
    }
  });

  it("are those of the package uuid for the same time, counter and random bytes", () => {
    const time = fc.integer({ min: 0, max: 2 ** 48 - 2 });
    const bytes = fc.uint8Array({ minLength: 10, maxLength: 10 });
    fc.assert(
      fc.property(time, bytes, fc.nat({ max: 3 }), (epochMs, drawn, steps) => {
        // Four bytes begin the counter, six belong to the id; the same are drawn again and again.
        let drawnAt = 0;
        const ids = new RecordIds((pool) => {
          for (let index = 0; index < pool.length; index += 1) pool[index] = drawn[drawnAt++ % 4] ?? 0;
        });
        let id = "";
        for (let step = 0; step <= steps; step += 1) id = ids.next(epochMs);
        const counter = Buffer.from(drawn).readUInt32BE(0) >>> 1;
        const used = 4 + 6 * steps;
        const random = Uint8Array.from({ length: 16 }, (_, index) =>
          index < 10 ? 0 : (drawn[(used + index - 10) % 4] ?? 0),
        );
        expect(id).toBe(v7({ msecs: epochMs, seq: counter + steps, random }));
        expect(ids.last).toBe(id);
        expect(ids.ascii.toString()).toBe(id);
      }),
    );
  });

  it("draws random bytes for hundreds of ids at once", () => {
    let draws = 0;
    const ids = new RecordIds(() => {
      draws += 1;
    });
    for (let count = 0; count < 1_000; count += 1) ids.next(1);
    expect(draws).toBe(1);
  });
});
