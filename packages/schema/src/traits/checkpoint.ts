import type { CheckpointEventMap } from "../payloads/checkpoint.js";
import type { CategoryTraits } from "./traits.js";
import { beside, firstLine, grouped, phrase } from "./wording.js";

export const checkpointTraits: CategoryTraits<CheckpointEventMap> = {
  checkpoint_created: {
    severity: "info",
    summary: (event) =>
      beside(
        phrase("version ", grouped(event.version)),
        phrase("", grouped(event.agents_completed), " agents completed"),
      ),
  },
  checkpoint_loaded: {
    severity: "info",
    summary: (event) => beside(phrase("version ", grouped(event.version))),
  },
  checkpoint_failed: {
    severity: "error",
    summary: (event) => beside(firstLine(event.error)),
  },
};
