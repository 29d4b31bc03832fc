import { describe, expect, it } from "vitest";
import { FlushWaiters } from "./flush-waiters.js";

const failure = { code: "ENOSPC", message: "the disk is full" };

describe("FlushWaiters", () => {
  it("resolves those whose events are settled, and nobody else", async () => {
    const waiters = new FlushWaiters("segment");
    const early = waiters.add(3, false);
    const late = waiters.add(4, false);
    expect(waiters.hasSatisfied(2)).toBe(false);
    expect(waiters.settle(3, 0)).toBe(true);
    await early.done;
    expect(waiters.hasSatisfied(3)).toBe(false);
    waiters.fail(failure, 3);
    await expect(late.done).rejects.toMatchObject({
      code: "ENOSPC",
      unwritten: 1,
      lost: 0,
      writer: "segment",
    });
  });

  it("tells the impatient of a failure and lets the patient wait", async () => {
    const waiters = new FlushWaiters("segment");
    const impatient = waiters.add(5, false);
    const patient = waiters.add(5, true);
    waiters.fail(failure, 2);
    await expect(impatient.done).rejects.toMatchObject({ name: "FlushError", unwritten: 3 });
    waiters.settle(5, 0);
    await patient.done;
  });

  it("turns one away whose time is up, once", async () => {
    const waiters = new FlushWaiters("segment");
    const ticket = waiters.add(5, true);
    ticket.cancel({ code: "TIMEOUT", message: "too slow" }, 1);
    ticket.cancel({ code: "OTHER", message: "too late" }, 1);
    await expect(ticket.done).rejects.toMatchObject({ code: "TIMEOUT", unwritten: 4 });
    expect(waiters.settle(5, 0)).toBe(false);
  });

  it("tells of lost events instead of success", async () => {
    const waiters = new FlushWaiters("segment");
    const ticket = waiters.add(5, true);
    expect(waiters.settle(5, 2)).toBe(true);
    await expect(ticket.done).rejects.toMatchObject({ code: "EVENTS_LOST", unwritten: 0, lost: 2 });
  });
});
