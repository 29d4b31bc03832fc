import type { ChildLogger } from "@prodigy-events/logger";
import type { BuiltinEventMap } from "@prodigy-events/schema";

/** The logger of a job. `job_id` is bound: no event here names it, and none can name a wrong one. */
export type JobLogger = ChildLogger<BuiltinEventMap, "job_id">;

/** The logger of one item and its agent. */
export type ItemLogger = ChildLogger<BuiltinEventMap, "job_id" | "agent_id" | "item_id">;
