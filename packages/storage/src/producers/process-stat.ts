/** What liveness needs of `/proc/<pid>/stat` (proc_pid_stat(5)). */
export interface ProcessStat {
  /** Field 3: `Z` is a zombie, `X` and `x` dead. */
  state: string;
  /** Field 20. */
  threads: number;
  /** Field 22: when the process started, in clock ticks since boot. Kept as text: only ever compared. */
  startTime: string;
}

/**
 * Parses the text of `/proc/<pid>/stat`. The second field is the program's name in parentheses and may itself
 * hold spaces and parentheses, so fields are counted from the last `)`. `undefined` when the text is not of that
 * form.
 */
export function parseProcessStat(text: string): ProcessStat | undefined {
  const afterName = text.lastIndexOf(")");
  if (afterName === -1) return undefined;
  const fields = text
    .slice(afterName + 1)
    .trim()
    .split(/\s+/); // fields[0] is field 3
  const [state, threads, startTime] = [fields[0], fields[17], fields[19]];
  if (state === undefined || threads === undefined || startTime === undefined) return undefined;
  if (!/^[A-Za-z]$/.test(state) || !/^\d+$/.test(threads) || !/^\d+$/.test(startTime)) return undefined;
  return { state, threads: Number(threads), startTime };
}
