import { Type } from "@sinclair/typebox";
import { checkpointVersion, count, duration, error, freeObject, jobId, ownInstant } from "./fields.js";

export const jobEvents = {
  job_started: Type.Object(
    {
      job_id: jobId,
      config: freeObject("The configuration that the job runs with."),
      total_items: count("Work items found in the input."),
      timestamp: Type.Optional(ownInstant),
    },
    { description: "A job begins." },
  ),
  job_completed: Type.Object(
    {
      job_id: jobId,
      duration: duration("From the start of the job to its end."),
      success_count: count("Items that succeeded."),
      failure_count: count("Items that failed for good."),
    },
    { description: "A job ran to its end; single items may have failed." },
  ),
  job_failed: Type.Object(
    {
      job_id: jobId,
      error,
      partial_results: count("Results that exist although the job failed."),
    },
    { description: "A job ended before its end." },
  ),
  job_paused: Type.Object(
    { job_id: jobId, checkpoint_version: checkpointVersion },
    { description: "A job was interrupted after it saved a checkpoint to go on from." },
  ),
  job_resumed: Type.Object(
    {
      job_id: jobId,
      checkpoint_version: checkpointVersion,
      pending_items: count("Items still to do."),
    },
    { description: "A paused job goes on from its checkpoint." },
  ),
};
