/** The state of the job was saved, so that it can be resumed. */
export interface CheckpointCreated {
  job_id: string;
  version: number;
  agents_completed: number;
}

/** The state of the job was read back in order to resume it. */
export interface CheckpointLoaded {
  job_id: string;
  version: number;
}

/** A checkpoint could not be saved or read. */
export interface CheckpointFailed {
  job_id: string;
  error: string;
}

export interface CheckpointEventMap {
  checkpoint_created: CheckpointCreated;
  checkpoint_loaded: CheckpointLoaded;
  checkpoint_failed: CheckpointFailed;
}
