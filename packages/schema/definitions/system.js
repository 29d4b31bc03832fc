import { Type } from "@sinclair/typebox";
import { count, text } from "./fields.js";

export const systemEvents = {
  events_dropped: Type.Object(
    {
      count: count("Events that were lost."),
      from_sequence: count("Sequence number of the first lost event."),
      to_sequence: count("Sequence number of the last lost event."),
      reason: text("Why they were lost."),
    },
    { description: "Written by the logger: events were dropped because its queue was full." },
  ),
  event_rejected: Type.Object(
    {
      reason: text("Why the event could not be recorded."),
      rejected_type: Type.Optional(text("Event type of the event.")),
      bytes: Type.Optional(count("Encoded size of the event.")),
    },
    {
      description:
        "Written by the logger in the place of an event that could not be encoded or was too large.",
    },
  ),
};
