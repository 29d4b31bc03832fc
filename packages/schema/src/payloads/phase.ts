/** The map phase begins: agents start to work on the items. */
export interface MapPhaseStarted {
  job_id: string;
  total_items: number;
}

/** Every item was worked on. */
export interface MapPhaseCompleted {
  job_id: string;
  successful: number;
  failed: number;
}

/** The reduce phase begins: the results of the agents are brought together. */
export interface ReducePhaseStarted {
  job_id: string;
}

/** The results were brought together. */
export interface ReducePhaseCompleted {
  job_id: string;
}

export interface PhaseEventMap {
  map_phase_started: MapPhaseStarted;
  map_phase_completed: MapPhaseCompleted;
  reduce_phase_started: ReducePhaseStarted;
  reduce_phase_completed: ReducePhaseCompleted;
}
