import type { JobEventMap } from "../payloads/job.js";
import type { CategoryTraits } from "./traits.js";
import { beside, counted, elapsed, firstLine, grouped, phrase } from "./wording.js";

export const jobTraits: CategoryTraits<JobEventMap> = {
  job_started: {
    severity: "info",
    summary: (event) => beside(counted(event.total_items, "item")),
  },
  job_completed: {
    severity: "info",
    summary: (event) =>
      beside(
        elapsed(event.duration),
        phrase("", grouped(event.success_count), " succeeded"),
        phrase("", grouped(event.failure_count), " failed"),
      ),
  },
  job_failed: {
    severity: "error",
    summary: (event) => beside(firstLine(event.error), counted(event.partial_results, "partial result")),
  },
  job_paused: {
    severity: "info",
    summary: (event) => beside(phrase("checkpoint ", grouped(event.checkpoint_version))),
  },
  job_resumed: {
    severity: "info",
    summary: (event) =>
      beside(
        phrase("checkpoint ", grouped(event.checkpoint_version)),
        phrase("", grouped(event.pending_items), " pending"),
      ),
  },
};
