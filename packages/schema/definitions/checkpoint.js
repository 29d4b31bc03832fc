import { Type } from "@sinclair/typebox";
import { checkpointVersion, count, error, jobId } from "./fields.js";

export const checkpointEvents = {
  checkpoint_created: Type.Object(
    {
      job_id: jobId,
      version: checkpointVersion,
      agents_completed: count("Agents that had finished when it was saved."),
    },
    { description: "The state of the job was saved, so that it can be resumed." },
  ),
  checkpoint_loaded: Type.Object(
    { job_id: jobId, version: checkpointVersion },
    { description: "The state of the job was read back in order to resume it." },
  ),
  checkpoint_failed: Type.Object(
    { job_id: jobId, error },
    { description: "A checkpoint could not be saved or read." },
  ),
};
