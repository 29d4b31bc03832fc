import type { PhaseEventMap } from "../payloads/phase.js";
import type { CategoryTraits } from "./traits.js";
import { beside, counted, grouped, phrase } from "./wording.js";

export const phaseTraits: CategoryTraits<PhaseEventMap> = {
  map_phase_started: {
    severity: "info",
    summary: (event) => beside(counted(event.total_items, "item")),
  },
  map_phase_completed: {
    severity: "info",
    summary: (event) =>
      beside(
        phrase("", grouped(event.successful), " succeeded"),
        phrase("", grouped(event.failed), " failed"),
      ),
  },
  reduce_phase_started: {
    severity: "info",
    summary: () => "",
  },
  reduce_phase_completed: {
    severity: "info",
    summary: () => "",
  },
};
