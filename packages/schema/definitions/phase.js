import { Type } from "@sinclair/typebox";
import { count, jobId } from "./fields.js";

export const phaseEvents = {
  map_phase_started: Type.Object(
    { job_id: jobId, total_items: count("Work items to fan out.") },
    { description: "The map phase begins: agents start to work on the items." },
  ),
  map_phase_completed: Type.Object(
    {
      job_id: jobId,
      successful: count("Items that succeeded."),
      failed: count("Items that failed for good."),
    },
    { description: "Every item was worked on." },
  ),
  reduce_phase_started: Type.Object(
    { job_id: jobId },
    { description: "The reduce phase begins: the results of the agents are brought together." },
  ),
  reduce_phase_completed: Type.Object(
    { job_id: jobId },
    { description: "The results were brought together." },
  ),
};
