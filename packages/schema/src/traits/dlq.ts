import type { DlqEventMap } from "../payloads/dlq.js";
import type { CategoryTraits } from "./traits.js";
import { beside, counted, firstLine, lengthOf } from "./wording.js";

export const dlqTraits: CategoryTraits<DlqEventMap> = {
  dlq_item_added: {
    severity: "error",
    summary: (event) =>
      beside(
        firstLine(event.item_id),
        counted(event.failure_count, "failure"),
        firstLine(event.error_signature),
      ),
  },
  dlq_item_removed: {
    severity: "info",
    summary: (event) => beside(firstLine(event.item_id)),
  },
  dlq_items_reprocessed: {
    severity: "info",
    summary: (event) => beside(counted(event.count, "item")),
  },
  dlq_items_evicted: {
    severity: "warning",
    summary: (event) => beside(counted(event.count, "item")),
  },
  dlq_analysis_generated: {
    severity: "info",
    summary: (event) => beside(counted(lengthOf(event.patterns) ?? event.patterns, "pattern")),
  },
};
