/** What became of one archived file. */
export interface RestoreOutcome {
  archivePath: string;
  /** Where it is, or would be, in the store. */
  targetPath?: string;
  status: /** Brought back (with `dryRun`: would be). */
    | "restored"
    /** All its lines are in the store already. */
    | "present"
    /** Something else has its name; nothing was overwritten. */
    | "conflict"
    /** It does not read back as what was archived. */
    | "damaged"
    /** It came from a directory outside the store that the caller did not name. */
    | "outside"
    | "failed";
  records: number;
  bytes: number;
  /** One line for people, where the status is not `restored` or `present`. */
  message?: string;
}

/** What became of an archive, or would. */
export interface RestoreReport {
  dryRun: boolean;
  /** True when nothing is left in conflict, damaged, outside or failed. */
  complete: boolean;
  outcomes: RestoreOutcome[];
  totals: { restored: number; present: number; records: number; bytes: number };
}

/** Sums up what became of the archived files. */
export function restoreReportOf(dryRun: boolean, outcomes: RestoreOutcome[]): RestoreReport {
  const restored = outcomes.filter(({ status }) => status === "restored");
  const present = outcomes.filter(({ status }) => status === "present");
  return {
    dryRun,
    complete: restored.length + present.length === outcomes.length,
    outcomes,
    totals: {
      restored: restored.length,
      present: present.length,
      records: restored.reduce((sum, { records }) => sum + records, 0),
      bytes: restored.reduce((sum, { bytes }) => sum + bytes, 0),
    },
  };
}
