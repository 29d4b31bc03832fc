/** An item was given up and put in the dead letter queue. */
export interface DlqItemAdded {
  job_id: string;
  item_id: string;
  /** What its failures have in common, in a form that can be grouped by. */
  error_signature: string;
  failure_count: number;
}

/** An item left the dead letter queue, as a rule because a later try succeeded. */
export interface DlqItemRemoved {
  job_id: string;
  item_id: string;
}

/** A batch of items of the dead letter queue was tried again. */
export interface DlqItemsReprocessed {
  job_id: string;
  count: number;
}

/** Old items were removed from the dead letter queue by its retention policy. */
export interface DlqItemsEvicted {
  job_id: string;
  count: number;
}

/** The failures in the dead letter queue were grouped. */
export interface DlqAnalysisGenerated {
  job_id: string;
  patterns: number;
}

export interface DlqEventMap {
  dlq_item_added: DlqItemAdded;
  dlq_item_removed: DlqItemRemoved;
  dlq_items_reprocessed: DlqItemsReprocessed;
  dlq_items_evicted: DlqItemsEvicted;
  dlq_analysis_generated: DlqAnalysisGenerated;
}
