import { Type } from "@sinclair/typebox";
import { count, jobId } from "./fields.js";

export const performanceEvents = {
  queue_depth_changed: Type.Object(
    {
      job_id: jobId,
      pending: count("Items that wait for an agent."),
      active: count("Items being worked on."),
      completed: count("Items that are done."),
    },
    { description: "How full the work queue is." },
  ),
  memory_pressure: Type.Object(
    {
      job_id: jobId,
      used_mb: count("Memory in use, in megabytes."),
      limit_mb: count("The limit it is near to, in megabytes."),
    },
    { description: "The job comes close to its memory limit." },
  ),
};
