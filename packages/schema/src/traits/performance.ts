import type { PerformanceEventMap } from "../payloads/performance.js";
import type { CategoryTraits } from "./traits.js";
import { beside, grouped, phrase } from "./wording.js";

export const performanceTraits: CategoryTraits<PerformanceEventMap> = {
  queue_depth_changed: {
    severity: "info",
    summary: (event) =>
      beside(
        phrase("", grouped(event.pending), " pending"),
        phrase("", grouped(event.active), " active"),
        phrase("", grouped(event.completed), " completed"),
      ),
  },
  memory_pressure: {
    severity: "warning",
    summary: (event) =>
      beside(
        phrase("", grouped(event.used_mb), " MB used"),
        phrase("limit ", grouped(event.limit_mb), " MB"),
      ),
  },
};
