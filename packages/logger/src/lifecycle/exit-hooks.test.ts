import type { EventEmitter } from "node:events";
import { describe, expect, it } from "vitest";
import { joinExitHooks, leaveExitHooks } from "./exit-hooks.js";

const events = ["exit", "uncaughtExceptionMonitor", "SIGTERM", "SIGINT", "SIGHUP"] as const;

function listeners(): number[] {
  return events.map((event) => process.listenerCount(event));
}

describe("exit hooks", () => {
  it("add one listener for each event, however many loggers there are, and take them along", () => {
    const before = listeners();
    const participants = Array.from({ length: 100 }, () => ({ saveAtExit: () => undefined }));
    participants.forEach((participant, index) => {
      joinExitHooks(participant, index % 2 === 0);
    });
    expect(listeners()).toEqual(before.map((count) => count + 1));
    participants.forEach((participant) => {
      leaveExitHooks(participant);
      leaveExitHooks(participant);
    });
    expect(listeners()).toEqual(before);
  });

  it("leave signals alone unless asked", () => {
    const before = listeners();
    const participant = { saveAtExit: () => undefined };
    joinExitHooks(participant, false);
    expect(listeners().slice(2)).toEqual(before.slice(2));
    leaveExitHooks(participant);
  });

  it("have everybody save before an uncaught exception takes its course", () => {
    const saved: number[] = [];
    const participants = [1, 2].map((number) => ({ saveAtExit: () => saved.push(number) }));
    for (const participant of participants) joinExitHooks(participant, false);
    (process as EventEmitter).emit("uncaughtExceptionMonitor", new Error("test"), "uncaughtException");
    for (const participant of participants) leaveExitHooks(participant);
    expect(saved).toEqual([1, 2]);
  });
});
