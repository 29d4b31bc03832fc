import type { BuiltinEventMap, SystemEventType } from "./payloads/builtin-event-map.js";

/**
 * Any event, as read: a type name and fields about which nothing is known. Unknown types and fields are legal.
 *
 * It is not a member of the union of known events, because a member whose `event_type` is `string` would end
 * narrowing; `isKnownEvent` leads from here to there.
 */
export interface AnyEvent {
  event_type: string;
  [field: string]: unknown;
}

/** The union of the events of a map. `switch (event.event_type)` narrows it. */
export type EventOf<M> = { [K in keyof M & string]: Flat<{ event_type: K } & M[K]> }[keyof M & string];

/** The union of the built-in events. */
export type BuiltinEvent = EventOf<BuiltinEventMap>;

/** Synonym of `BuiltinEvent`, for code that tells known from unknown events. */
export type KnownEvent = BuiltinEvent;

/**
 * The union of the events of a map as they are logged: fields that the logger has bound (`Bound`, such as
 * `"job_id" | "agent_id"`) may be left out, and the types that only the logger writes are not offered.
 */
export type EventInput<M = BuiltinEventMap, Bound extends string = never> = {
  [K in Exclude<keyof M & string, SystemEventType>]: Flat<{ event_type: K } & OptionalFields<M[K], Bound>>;
}[Exclude<keyof M & string, SystemEventType>];

type OptionalFields<T, Names extends string> = {
  [F in keyof T as F extends Names ? never : F]: T[F];
} & {
  [F in keyof T as F extends Names ? F : never]?: T[F];
};

/** One object type instead of an intersection: readable in editors, and assignable to `AnyEvent`. */
type Flat<T> = { [F in keyof T]: T[F] };
