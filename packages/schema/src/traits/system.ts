import type { SystemEventMap } from "../payloads/system.js";
import type { CategoryTraits } from "./traits.js";
import { beside, counted, firstLine, grouped, labelled, phrase } from "./wording.js";

export const systemTraits: CategoryTraits<SystemEventMap> = {
  events_dropped: {
    severity: "error",
    summary: (event) =>
      beside(
        counted(event.count, "event"),
        phrase("sequence ", grouped(event.from_sequence), phrase("–", grouped(event.to_sequence))),
        firstLine(event.reason),
      ),
  },
  event_rejected: {
    severity: "error",
    summary: (event) =>
      beside(labelled(firstLine(event.rejected_type), firstLine(event.reason)), counted(event.bytes, "byte")),
  },
};
