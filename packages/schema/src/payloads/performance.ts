/** How full the work queue is. */
export interface QueueDepthChanged {
  job_id: string;
  pending: number;
  active: number;
  completed: number;
}

/** The job comes close to its memory limit; both in megabytes. */
export interface MemoryPressure {
  job_id: string;
  used_mb: number;
  limit_mb: number;
}

export interface PerformanceEventMap {
  queue_depth_changed: QueueDepthChanged;
  memory_pressure: MemoryPressure;
}
