import { describe, expect, it } from "vitest";
import { validateEvent } from "../catalog/accessors.js";
import { encodeRecord } from "../line/encode.js";
import { eventTypes } from "../payloads/event-types.js";
import { parseTimestamp } from "../timestamp.js";
import { anEvent, aRecord, eventFactories, recordFactory } from "./index.js";

describe("anEvent", () => {
  it.each(eventTypes)("makes a valid %s", (eventType) => {
    expect(validateEvent(anEvent(eventType), "full")).toEqual([]);
    expect(anEvent(eventType)).toEqual({ event_type: eventType, ...eventFactories[eventType]() });
  });

  it("has the fields given", () => {
    expect(anEvent("agent_progress", { step: "merging" })).toMatchObject({
      step: "merging",
      progress_pct: 50,
    });
  });

  it("makes a new object each time", () => {
    const event = anEvent("job_started");
    event.config.changed = true;
    expect(anEvent("job_started").config).not.toHaveProperty("changed");
  });
});

describe("recordFactory", () => {
  it("makes the same records for the same seed, and others for another", () => {
    const [one, same, other] = [recordFactory(7), recordFactory(7), recordFactory(8)];
    expect([one(), one()]).toEqual([same(), same()]);
    expect(other().id).not.toBe(recordFactory(7)().id);
  });

  it("counts sequences up, and with them ids and times", () => {
    const next = recordFactory();
    const records = Array.from({ length: 1000 }, () => next());
    expect(records.map((record) => record.metadata.sequence)).toEqual(records.map((_, index) => index));
    expect(records.map((record) => record.id).toSorted()).toEqual(records.map((record) => record.id));
    expect(new Set(records.map((record) => parseTimestamp(record.timestamp))).size).toBe(1000);
    expect(records.at(-1)?.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it("takes a type, an event, and what is to be different", () => {
    const event = { event_type: "build_finished", target: "web" };
    const record = recordFactory()(event, { id: "1", correlation_id: "c", metadata: { region: "eu" } });
    expect(record).toMatchObject({
      id: "1",
      correlation_id: "c",
      event,
      metadata: { host: "host-1", region: "eu" },
    });
    expect(aRecord("job_paused").event).toEqual(anEvent("job_paused"));
    expect(encodeRecord(aRecord())).toContain('"event_type":"agent_progress"');
  });
});
