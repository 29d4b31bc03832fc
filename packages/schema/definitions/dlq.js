import { Type } from "@sinclair/typebox";
import { count, itemId, jobId, text } from "./fields.js";

export const dlqEvents = {
  dlq_item_added: Type.Object(
    {
      job_id: jobId,
      item_id: itemId,
      error_signature: text("What its failures have in common, in a form that can be grouped by."),
      failure_count: count("How often the item failed."),
    },
    { description: "An item was given up and put in the dead letter queue." },
  ),
  dlq_item_removed: Type.Object(
    { job_id: jobId, item_id: itemId },
    { description: "An item left the dead letter queue, as a rule because a later try succeeded." },
  ),
  dlq_items_reprocessed: Type.Object(
    { job_id: jobId, count: count("Items tried again.") },
    { description: "A batch of items of the dead letter queue was tried again." },
  ),
  dlq_items_evicted: Type.Object(
    { job_id: jobId, count: count("Items removed for good.") },
    { description: "Old items were removed from the dead letter queue by its retention policy." },
  ),
  dlq_analysis_generated: Type.Object(
    { job_id: jobId, patterns: count("Groups of like failures that were found.") },
    { description: "The failures in the dead letter queue were grouped." },
  ),
};
