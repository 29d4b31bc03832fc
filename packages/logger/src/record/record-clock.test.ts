import { fakeClock } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { RecordClock } from "./record-clock.js";

describe("RecordClock", () => {
  it("tells the time in RFC 3339 with milliseconds", () => {
    expect(new RecordClock(fakeClock()).now()).toEqual({
      epochMs: Date.UTC(2026, 0, 1, 12),
      timestamp: "2026-01-01T12:00:00.000Z",
    });
  });

  it("stands still while the machine's clock is behind, and then goes on", () => {
    const machine = fakeClock();
    const clock = new RecordClock(machine);
    clock.now();
    machine.advance(-3_600_000);
    expect(clock.now().timestamp).toBe("2026-01-01T12:00:00.000Z");
    machine.advance(3_600_001);
    expect(clock.now().timestamp).toBe("2026-01-01T12:00:00.001Z");
  });
});
