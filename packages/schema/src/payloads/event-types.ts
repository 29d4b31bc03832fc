import { eventSchemas } from "../generated/event-schemas.js";
import type { EventType } from "./builtin-event-map.js";

/** The names of the built-in event types, category by category. */
export const eventTypes: readonly EventType[] = Object.keys(eventSchemas) as EventType[];
