import type { AnyEvent, BuiltinEvent } from "../events.js";
import type { BuiltinEventMap, EventType } from "../payloads/builtin-event-map.js";
import type { EventRecord, RecordMetadata } from "../record.js";
import { formatTimestamp } from "../timestamp.js";
import { eventFactories } from "./event-factories.js";

/** 2026-01-01T12:00:00.000Z, the time of the first record of a factory. */
const firstEpochMs = Date.UTC(2026, 0, 1, 12);

/** What a test wants otherwise than the factory has it. */
export interface RecordOverrides {
  id?: string;
  timestamp?: string;
  correlation_id?: string;
  /** Fields that replace or add to the factory's metadata. */
  metadata?: Partial<RecordMetadata>;
}

/** A valid event of a built-in type, with the fields given in the place of the sample's. */
export function anEvent<K extends EventType>(
  eventType: K,
  overrides?: Partial<BuiltinEventMap[K]>,
): Extract<BuiltinEvent, { event_type: K }>;
export function anEvent(eventType: EventType, overrides: object = {}): AnyEvent {
  return { event_type: eventType, ...eventFactories[eventType](), ...overrides };
}

/** Makes records: of a type's sample event (`agent_progress` unless given) or of the event given. */
export type RecordFactory = (eventOrType?: AnyEvent | EventType, overrides?: RecordOverrides) => EventRecord;

/**
 * A factory of the records of one producer. Its n-th record has sequence n - 1, a strictly increasing UUIDv7 and a
 * time 1 ms after the one before; two factories of the same seed make the same records.
 */
export function recordFactory(seed = 0): RecordFactory {
  const producerId = `test${String(seed).padStart(4, "0")}`;
  let sequence = 0;
  return (eventOrType = "agent_progress", { metadata, ...envelope } = {}) => {
    const epochMs = firstEpochMs + sequence;
    const record: EventRecord = {
      id: uuid(epochMs, seed),
      timestamp: formatTimestamp(BigInt(epochMs) * 1_000_000n),
      correlation_id: "run-1",
      event: typeof eventOrType === "string" ? anEvent(eventOrType) : eventOrType,
      metadata: { host: "host-1", pid: 4242, thread: "main", producer_id: producerId, sequence, ...metadata },
      ...envelope,
    };
    sequence++;
    return record;
  };
}

/** A record of one shared factory of seed 0. Use `recordFactory` where a test states ids, times or sequences. */
export const aRecord: RecordFactory = recordFactory();

/** A UUIDv7 (RFC 9562) whose random bits are the seed. */
function uuid(epochMs: number, seed: number): string {
  const time = epochMs.toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${seed.toString(16).padStart(12, "0")}`;
}
