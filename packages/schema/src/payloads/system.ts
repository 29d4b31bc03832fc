/** Written by the logger: events were dropped because its queue was full. */
export interface EventsDropped {
  count: number;
  from_sequence: number;
  to_sequence: number;
  reason: string;
}

/** Written by the logger in the place of an event that could not be encoded or was too large. */
export interface EventRejected {
  reason: string;
  rejected_type?: string;
  bytes?: number;
}

/** The types that only the logger itself writes. */
export interface SystemEventMap {
  events_dropped: EventsDropped;
  event_rejected: EventRejected;
}
